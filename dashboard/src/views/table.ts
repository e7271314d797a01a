// A page of a view's table, and what changes in it.
import { batch, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { ConnectionLost, getText, serverRoot } from '../api';
import { lostSince } from '../connection';
import { elements, member } from '../events/json';
import { HIDDEN_CLOSE_MS } from '../events/follow';
import { pathOf } from './views';

export interface ViewRow {
  key: string;
  /** The value's JSON text, in which numbers are as they were sent. */
  raw: string;
  updated: string;
  etag: string;
}

/** So many rows are shown at once. */
export const PAGE = 100;
/** Following begins with all keys; where there are more than these, the page is asked for again and again instead. */
export const FOLLOWED_KEYS = 10_000;
const EVERY_MS = 2000;
const AGAIN_MS = 300;
const FLASH_MS = 1500;
const RETRY_MS = 1000;

const textIn = (json: string, name: string) => {
  const text = member(json, name);
  return text === undefined || !text.trim().startsWith('"') ? '' : (JSON.parse(text) as string);
};

export const rowOf = (json: string): ViewRow => ({
  key: textIn(json, 'key'),
  raw: member(json, 'value')?.trim() ?? 'null',
  updated: textIn(json, 'updated'),
  etag: textIn(json, 'etag'),
});

const same = (a: ViewRow, b: ViewRow) => (a.etag && b.etag ? a.etag === b.etag : a.raw === b.raw);

/** Rows of one view from one prefix, behind one key. Whoever made it closes it. */
export class Table {
  readonly rows = signal<readonly ViewRow[] | null>(null);
  /** Behind what the next page begins; empty if this is the last one. */
  readonly next = signal('');
  readonly error = signal<unknown>(null);
  readonly changed = signal<ReadonlySet<string>>(new Set());
  readonly state = signal<'connecting' | 'live' | 'broken' | 'asked'>('connecting');
  readonly #changedAt = new Map<string, number>();
  readonly #path: string;
  readonly #prefix: string;
  readonly #after: string;
  readonly #follow: boolean;
  #source: EventSource | null = null;
  #puts = new Map<string, ViewRow | null>();
  #timers = { again: 0, flush: 0, flash: 0, retry: 0, hidden: 0 };
  #asking = false;
  #closed = false;

  constructor(name: string, prefix: string, after: string, follow: boolean) {
    this.#path = pathOf(name);
    this.#prefix = prefix;
    this.#after = after;
    this.#follow = follow;
    document.addEventListener('visibilitychange', this.#onVisibility);
    void this.#ask().then(() => follow && this.#connect());
  }

  close(): void {
    this.#closed = true;
    document.removeEventListener('visibilitychange', this.#onVisibility);
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#source?.close();
  }

  async #ask(): Promise<void> {
    if (this.#asking) return this.#askLater(AGAIN_MS);
    this.#asking = true;
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (this.#prefix) query.set('prefix', this.#prefix);
    if (this.#after) query.set('after', this.#after);
    try {
      const text = document.hidden && this.rows.peek() ? null : await getText(`${this.#path}?${query}`);
      if (text !== null && !this.#closed) this.#show(elements(member(text, 'items') ?? '[]').map(rowOf), text);
    } catch (error) {
      // The frame says that the connection is lost; here stays what was known.
      if (!(error instanceof ConnectionLost)) this.error.value = error;
      this.#askLater(RETRY_MS * 2);
    }
    this.#asking = false;
    if (!this.#follow) this.#askLater(EVERY_MS);
  }

  #show(rows: ViewRow[], text: string): void {
    const before = this.rows.peek();
    if (before) {
      const known = new Map(before.map((row) => [row.key, row]));
      for (const row of rows) {
        const old = known.get(row.key);
        if (!old || !same(old, row)) this.#changedAt.set(row.key, Date.now());
      }
    }
    batch(() => {
      this.rows.value = rows;
      this.next.value = textIn(text, 'next');
      this.error.value = null;
      if (!this.#follow) this.state.value = 'asked';
    });
    this.#flash();
  }

  #askLater(milliseconds: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timers.again);
    this.#timers.again = window.setTimeout(() => void this.#ask(), milliseconds);
  }

  #connect(): void {
    if (this.#closed) return;
    clearTimeout(this.#timers.retry);
    this.#source?.close();
    const query = new URLSearchParams({ follow: 'true' });
    if (this.#prefix) query.set('prefix', this.#prefix);
    const source = new EventSource(`${serverRoot}${this.#path}?${query}`);
    this.#source = source;
    source.onopen = () => (this.state.value = 'live');
    source.addEventListener('put', ({ data }: MessageEvent<string>) => {
      const row = rowOf(data);
      this.#take(row.key, row);
    });
    source.addEventListener('delete', ({ data }: MessageEvent<string>) => this.#take(textIn(data, 'key'), null));
    source.onerror = () => {
      if (lostSince.peek() === null || this.state.peek() === 'live') this.state.value = 'broken';
      if (source.readyState !== EventSource.CLOSED) return;
      this.#timers.retry = window.setTimeout(() => this.#connect(), RETRY_MS);
    };
  }

  /** Many changes of one key within a moment are one. */
  #take(key: string, row: ViewRow | null): void {
    if (!key.startsWith(this.#prefix)) return;
    this.#puts.set(key, row);
    this.#timers.flush ||= window.setTimeout(() => this.#apply(), 100);
  }

  #apply(): void {
    this.#timers.flush = 0;
    const rows = this.rows.peek();
    const puts = this.#puts;
    this.#puts = new Map();
    if (!rows) return;
    let some = false;
    const next = rows.map((row) => {
      const put = puts.get(row.key);
      if (!put || same(row, put)) return row;
      some = true;
      this.#changedAt.set(row.key, Date.now());
      return put;
    });
    if (some) this.rows.value = next;
    const known = new Map(rows.map((row) => [row.key, row]));
    // What the server goes on behind need not be a key.
    const first = this.#after ? rows[0]?.key : undefined;
    const last = this.next.peek() ? rows.at(-1)?.key : undefined;
    for (const [key, put] of puts) {
      // What is new or gone moves the others, in the server's order: it is asked.
      const here = known.has(key);
      const within = (first === undefined || key > first) && (last === undefined || key < last);
      if (put === null ? here : !here && within) {
        this.#askLater(AGAIN_MS);
        break;
      }
    }
    this.#flash();
  }

  #flash(): void {
    clearTimeout(this.#timers.flash);
    const now = Date.now();
    for (const [key, at] of this.#changedAt) if (now - at >= FLASH_MS) this.#changedAt.delete(key);
    if (this.#changedAt.size > 0 || this.changed.peek().size > 0) this.changed.value = new Set(this.#changedAt.keys());
    if (this.#changedAt.size > 0) this.#timers.flash = window.setTimeout(() => this.#flash(), FLASH_MS / 5);
  }

  #onVisibility = () => {
    clearTimeout(this.#timers.hidden);
    if (document.hidden) this.#timers.hidden = window.setTimeout(() => this.#source?.close(), HIDDEN_CLOSE_MS);
    else if (this.#follow && this.#source?.readyState === EventSource.CLOSED) this.#connect();
  };
}

export function useTable(name: string, prefix: string, after: string, follow: boolean): Table {
  const table = useMemo(() => new Table(name, prefix, after, follow), [name, prefix, after, follow]);
  useEffect(() => () => table.close(), [table]);
  return table;
}
