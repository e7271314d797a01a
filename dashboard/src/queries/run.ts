// A query of the moment: it is sent, and its result grows and changes until it ends or is stopped.
import { batch, signal } from '@preact/signals';
import { ConnectionLost, problemWithin, streamLines, type ProblemDocument } from '../api';
import { member } from '../events/json';

/** One row of the result, by which it is found again when it changes. */
export interface ResultRow {
  id: number;
  /** Its JSON text, in which numbers are as they were sent. */
  raw: string;
}

export interface RunColumn {
  name: string;
  type?: string;
}

export type RunState = 'idle' | 'running' | 'ended' | 'stopped' | 'failed';

export interface RunRequest {
  sql: string;
  inputs?: unknown;
  start: string;
  until: string | null;
  max: number;
}

const FLUSH_MS = 100;
const FLASH_MS = 1200;

export class Run {
  readonly state = signal<RunState>('idle');
  readonly progress = signal('');
  readonly columns = signal<readonly RunColumn[]>([]);
  readonly rows = signal<readonly ResultRow[]>([]);
  /** Rows that changed a moment ago. */
  readonly changed = signal<ReadonlySet<number>>(new Set());
  readonly changes = signal(0);
  /** What the query says against its text, or what the server says. */
  readonly error = signal<unknown>(null);
  readonly #changedAt = new Map<number, number>();
  #abort: AbortController | null = null;
  #rows: ResultRow[] = [];
  #ids = 0;
  #flush = 0;
  /** Where the row was that was taken back just now: what replaces it goes there. */
  #gap = -1;

  stop(): void {
    if (!this.#abort) return;
    this.#abort.abort();
    this.#abort = null;
    this.#show();
    this.state.value = 'stopped';
  }

  async start(request: RunRequest): Promise<void> {
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.#rows = [];
    this.#gap = -1;
    this.#changedAt.clear();
    batch(() => {
      this.state.value = 'running';
      this.progress.value = '';
      this.columns.value = [];
      this.rows.value = [];
      this.changed.value = new Set();
      this.changes.value = 0;
      this.error.value = null;
    });
    let ended = false;
    try {
      for await (const line of streamLines('api/v1/query/run', JSON.stringify(request), abort.signal)) {
        if (abort !== this.#abort) return;
        ended ||= this.#take(line);
      }
      if (!ended) throw new ConnectionLost('The connection broke before the end.');
      this.#end(abort, 'ended');
    } catch (error) {
      if (abort !== this.#abort) return;
      this.error.value ??= error;
      this.#end(abort, 'failed');
    }
  }

  #end(abort: AbortController, state: RunState): void {
    if (abort !== this.#abort) return;
    this.#abort = null;
    this.#show();
    this.state.value = this.error.peek() === null ? state : 'failed';
  }

  /** Whether it was the last line. */
  #take(line: string): boolean {
    const row = member(line, 'row');
    if (row !== undefined) {
      this.#change((JSON.parse(line) as { op: string }).op, row);
      return false;
    }
    const said = JSON.parse(line) as {
      progress?: string;
      columns?: RunColumn[];
      error?: ProblemDocument;
      end?: boolean;
    };
    if (said.progress !== undefined) this.progress.value = said.progress;
    if (said.columns) this.columns.value = said.columns;
    if (said.error) this.error.value = problemWithin(said.error);
    return said.end === true || said.error !== undefined;
  }

  #change(op: string, raw: string): void {
    this.changes.value++;
    if (op.startsWith('-')) {
      const at = this.#rows.findLastIndex((row) => row.raw === raw);
      if (at >= 0) this.#rows.splice(at, 1);
      this.#gap = op === '-U' ? at : -1;
    } else {
      const row = { id: ++this.#ids, raw };
      if (op === '+U' && this.#gap >= 0) this.#rows.splice(this.#gap, 0, row);
      else this.#rows.push(row);
      this.#gap = -1;
      this.#changedAt.set(row.id, Date.now());
    }
    this.#flush ||= window.setTimeout(() => this.#show(), FLUSH_MS);
  }

  #show(): void {
    clearTimeout(this.#flush);
    this.#flush = 0;
    const now = Date.now();
    for (const [id, at] of this.#changedAt) if (now - at >= FLASH_MS) this.#changedAt.delete(id);
    batch(() => {
      this.rows.value = [...this.#rows];
      this.changed.value = new Set(this.#changedAt.keys());
    });
    if (this.#changedAt.size > 0) this.#flush = window.setTimeout(() => this.#show(), FLASH_MS / 4);
  }
}

/** The value of one column, as it is read: text without its quotes, everything else as it was sent. */
export function cellOf(raw: string, column: string): string {
  const text = member(raw, column)?.trim();
  if (text === undefined || text === 'null') return '';
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

/** By what a column is sorted: numbers as numbers. */
export function sortKey(raw: string, column: string): number | string {
  const text = member(raw, column)?.trim() ?? '';
  return /^-?\d/.test(text) ? Number(text) : cellOf(raw, column);
}
