// The latest events of a pattern, followed while something on a page shows them.
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { serverRoot, urlPath } from '../api';
import { serverNow } from '../connection';
import { HIDDEN_CLOSE_MS, parse, type ShownEvent } from './follow';

const LENGTH = 300;
const FLUSH_MS = 250;
const HISTORY_S = 600;
const RETRY_MS = 1000;

/** One connection; whoever made it closes it. */
export class Recent {
  /** Oldest first. */
  readonly events = signal<readonly ShownEvent[]>([]);
  readonly state = signal<'connecting' | 'live' | 'broken'>('connecting');
  /** Set while nothing may move, because the pointer is among the rows. */
  readonly held = signal(false);
  /** Events that came since the list stands still. */
  readonly waiting = signal(0);
  readonly #pattern: string;
  #source: EventSource | null = null;
  #pending: string[] = [];
  #position = new Date(serverNow() - HISTORY_S * 1000).toISOString();
  #flush = 0;
  #retry = 0;
  #hidden = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#connect();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    for (const timer of [this.#flush, this.#retry, this.#hidden]) clearTimeout(timer);
    this.#source?.close();
  }

  hold = () => void (this.held.value = true);
  release = () => {
    this.held.value = false;
    this.#later();
  };

  #connect(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    const path = urlPath(this.#pattern).replaceAll('%2A', '*');
    const source = new EventSource(`${serverRoot}tail/${path}?from=${encodeURIComponent(this.#position)}`);
    this.#source = source;
    source.onopen = () => (this.state.value = 'live');
    source.onmessage = (message: MessageEvent<string>) => {
      if (message.lastEventId) this.#position = message.lastEventId;
      this.#pending.push(message.data);
      this.waiting.value++;
      // Only the newest are shown; what comes before them is not even parsed.
      if (this.#pending.length > 2 * LENGTH) this.#pending = this.#pending.slice(-LENGTH);
      this.#later();
    };
    // A reader that was too slow goes on with what comes from now on.
    source.addEventListener('problem', () => this.#again('next'));
    source.onerror = () => {
      this.state.value = 'broken';
      if (source.readyState === EventSource.CLOSED) this.#again('next');
    };
  }

  #again(from: string): void {
    this.#source?.close();
    this.#position = from;
    this.state.value = 'broken';
    clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => this.#connect(), RETRY_MS);
  }

  #later(): void {
    this.#flush ||= window.setTimeout(() => {
      this.#flush = 0;
      if (this.#pending.length === 0 || (this.held.peek() && this.events.peek().length > 0)) return;
      const come = this.#pending
        .slice(-LENGTH)
        .map(parse)
        .filter((event) => event !== null);
      const keys = new Set(come.map((event) => event.key));
      this.#pending = [];
      this.waiting.value = 0;
      this.events.value = [...this.events.peek().filter((event) => !keys.has(event.key)), ...come].slice(-LENGTH);
    }, FLUSH_MS);
  }

  #onVisibility = () => {
    clearTimeout(this.#hidden);
    // A page that nobody sees holds no connection.
    if (document.hidden) this.#hidden = window.setTimeout(() => this.#source?.close(), HIDDEN_CLOSE_MS);
    else if (this.#source?.readyState === EventSource.CLOSED) this.#connect();
  };
}

export function useRecent(pattern: string): Recent {
  const recent = useMemo(() => new Recent(pattern), [pattern]);
  useEffect(() => () => recent.close(), [recent]);
  return recent;
}
