// One place, followed live for as long as it is looked at: what is there first, then what comes, also after a break.
import { batch, effect, signal } from '@preact/signals';
import { ConnectionLost, serverRoot, urlPath, type ContextChild, type Envelope } from '../api';
import { lostSince, serverNow } from '../connection';
import { HIDDEN_CLOSE_MS, patternOf } from '../events/follow';
import { CONTEXTS, latestOf, lookBelow } from './latest';
import { Sensor } from './sensors';
import { WINDOW_MS } from './series';

const FLUSH_MS = 200;
const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const TICK_MS = 1000;
/** A timer that comes so late was asleep, with the phone. */
const SLEPT_MS = 8000;
const WORD_MS = 8000;

export type State = 'loading' | 'live' | 'broken';

/** Whoever made it closes it. */
export class Live {
  readonly sensors = signal<readonly Sensor[]>([]);
  readonly children = signal<readonly ContextChild[]>([]);
  /** How many contexts are below, if they are too many to be shown. */
  readonly tooMany = signal(0);
  readonly state = signal<State>('loading');
  /** Since when there is no connection, by this machine's clock. */
  readonly since = signal(Date.now());
  /** What the server says instead of what is here. */
  readonly problem = signal<unknown>(null);
  /** What is said for a moment after a break. */
  readonly word = signal('');
  /** The server's time, each second. */
  readonly now = signal(serverNow());
  readonly #byContext = new Map<string, Sensor>();
  #source: EventSource | null = null;
  #position = '';
  #pending: string[] = [];
  #failures = 0;
  #round = 0;
  #closed = false;
  #ticked = Date.now();
  readonly #timers = { flush: 0, retry: 0, hidden: 0, word: 0, tick: 0 };
  readonly #stopWatching: () => void;

  constructor(readonly context: string) {
    document.addEventListener('visibilitychange', this.#onVisibility);
    addEventListener('online', this.#reconnect);
    this.#timers.tick = window.setInterval(this.#tick, TICK_MS);
    // As soon as the server answers again, follow again.
    this.#stopWatching = effect(() => {
      if (lostSince.value === null && this.state.peek() === 'broken') this.#reconnect();
      else if (lostSince.value !== null) this.#broken();
    });
    void this.#begin();
  }

  close(): void {
    this.#closed = true;
    document.removeEventListener('visibilitychange', this.#onVisibility);
    removeEventListener('online', this.#reconnect);
    this.#stopWatching();
    clearInterval(this.#timers.tick);
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#source?.close();
  }

  /** Asks for what is there, then follows from some minutes ago, which gives the courses. */
  async #begin(): Promise<void> {
    this.#position = '';
    const round = ++this.#round;
    const isOver = () => this.#closed || round !== this.#round;
    try {
      const { children, count, speaking } = await lookBelow(this.context);
      const events = await latestOf(speaking);
      if (isOver()) return;
      batch(() => {
        this.problem.value = null;
        this.children.value = children;
        this.tooMany.value = count > CONTEXTS ? count : 0;
        this.#takeAll(events);
      });
      this.#position = new Date(serverNow() - WINDOW_MS).toISOString();
      this.#connect();
    } catch (error) {
      if (isOver()) return;
      if (!(error instanceof ConnectionLost)) this.problem.value = error;
      this.#broken();
      this.#later();
    }
  }

  #connect(): void {
    clearTimeout(this.#timers.retry);
    this.#source?.close();
    if (this.#closed || document.hidden) return;
    const path = urlPath(this.#pattern()).replaceAll('%2A', '*');
    const source = new EventSource(`${serverRoot}tail/${path}?from=${encodeURIComponent(this.#position)}`);
    this.#source = source;
    source.onopen = () => this.#opened();
    source.onmessage = (message: MessageEvent<string>) => {
      if (message.lastEventId) this.#position = message.lastEventId;
      this.#pending.push(message.data);
      this.#timers.flush ||= window.setTimeout(this.#flush, FLUSH_MS);
    };
    // Too slow, as after a long sleep with much that happened meanwhile: what is now counts.
    source.addEventListener('problem', () => this.#startOver());
    source.onerror = () => {
      // Closed by an answer that is an error: the position may be what is wrong.
      if (source.readyState === EventSource.CLOSED) this.#position = '';
      source.close();
      this.#broken();
      this.#later();
    };
  }

  /** Everything below, or only the place itself if that is too much. */
  #pattern(): string {
    const isWhole = this.tooMany.peek() === 0;
    return isWhole || this.context !== '/' ? patternOf(this.context, isWhole) : '/*';
  }

  #opened(): void {
    const wasBroken = this.state.peek() === 'broken';
    const away = Date.now() - this.since.peek();
    this.#failures = 0;
    this.state.value = 'live';
    if (!wasBroken) return;
    this.word.value = away < 2000 ? 'Connected again' : `Connected again after ${seconds(away)}`;
    clearTimeout(this.#timers.word);
    this.#timers.word = window.setTimeout(() => (this.word.value = ''), WORD_MS);
  }

  #broken(): void {
    if (this.state.peek() === 'broken' || this.#closed) return;
    batch(() => {
      this.since.value = Date.now();
      this.word.value = '';
      this.state.value = 'broken';
    });
  }

  #later(): void {
    clearTimeout(this.#timers.retry);
    const pause = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]!;
    this.#timers.retry = window.setTimeout(this.#reconnect, pause);
  }

  #startOver(): void {
    this.#source?.close();
    this.#broken();
    this.#position = '';
    this.#later();
  }

  #reconnect = (): void => {
    if (this.#closed) return;
    clearTimeout(this.#timers.retry);
    if (this.#position) this.#connect();
    else void this.#begin();
  };

  #flush = (): void => {
    this.#timers.flush = 0;
    const events = this.#pending.flatMap((text) => {
      try {
        return [JSON.parse(text) as Envelope];
      } catch {
        return [];
      }
    });
    this.#pending = [];
    batch(() => this.#takeAll(events));
  };

  #takeAll(events: readonly Envelope[]): void {
    let added = false;
    for (const envelope of events) {
      let sensor = this.#byContext.get(envelope.context);
      if (!sensor) {
        if (this.#byContext.size > CONTEXTS) continue;
        this.#byContext.set(envelope.context, (sensor = new Sensor(envelope.context)));
        added = true;
      }
      sensor.take(envelope);
    }
    if (added) this.sensors.value = [...this.#byContext.values()];
    this.now.value = serverNow();
  }

  #tick = (): void => {
    // A connection that slept may be dead without anybody having told this end of it.
    if (Date.now() - this.#ticked > SLEPT_MS && !document.hidden) this.#wake();
    this.#ticked = Date.now();
    this.now.value = serverNow();
  };

  #wake(): void {
    this.#broken();
    this.#failures = 0;
    this.#reconnect();
  }

  #onVisibility = (): void => {
    clearTimeout(this.#timers.hidden);
    // A page that nobody sees holds no connection.
    if (document.hidden) {
      this.#timers.hidden = window.setTimeout(() => {
        this.#source?.close();
        this.#broken();
      }, HIDDEN_CLOSE_MS);
    } else {
      const slept = Date.now() - this.#ticked > SLEPT_MS;
      if (slept || this.#source?.readyState !== EventSource.OPEN) this.#wake();
      this.#ticked = Date.now();
      this.now.value = serverNow();
    }
  };
}

const seconds = (milliseconds: number) =>
  milliseconds < 90_000 ? `${Math.round(milliseconds / 1000)} s` : `${Math.round(milliseconds / 60_000)} min`;
