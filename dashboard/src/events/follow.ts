// Follows the selected context live. Messages wait as text; once a frame some of them are parsed and shown.
import { batch, computed, effect, signal } from '@preact/signals';
import { getLatest, serverRoot, urlPath, type Envelope } from '../api';
import { beat, lostSince, serverNow, totalRate } from '../connection';
import { below, page, selected } from '../location';
import { Rate } from '../rate';
import { known } from '../tree/nodes';
import { previewOf } from './payload';

export interface ShownEvent {
  key: string;
  raw: string;
  envelope: Envelope;
  time: number;
  preview: string;
}

export const RING = 500;
/** So many events a second can be shown when more come; a burst may use up what was saved. */
const SHOWN_A_SECOND = 100;
const CALM_MS = 200;
/** After each so many events it is looked whether they are still old ones. */
const BACKLOG = 2000;
const STARVED_MS = 300;
const WAITING_LIMIT = 2000;
export const HIDDEN_CLOSE_MS = 10_000;

/** Oldest first, at most RING. */
export const shown = signal<readonly ShownEvent[]>([]);
/** Events that came since following began; and how many of them were ever shown. */
export const received = signal(0);
export const kept = signal(0);
export const paused = signal(false);
/** Set while the pointer is among the rows: none of them may move away under it. */
export const held = signal(false);
/** Events that came since the list stands still. */
export const waitingCount = signal(0);
export const following = signal<'connecting' | 'live' | 'broken'>('connecting');
/** Set when the server cut this reader off for being slow, until another context is chosen. */
export const cutOff = signal(false);
export const opened = signal<ShownEvent | null>(null);
export const followRate = new Rate();

/** The pattern that is followed. */
export const pattern = computed(() => patternOf(selected.value, below.value));

export function patternOf(context: string, everything: boolean): string {
  if (context === '/') return '/**';
  return everything ? `${context}/**` : context;
}

let source: EventSource | null = null;
let position = '';
let waiting: string[] = [];
let unseen = 0;
let tokens = RING;
let refilled = performance.now();
let flushed = 0;
let scheduled = false;
let restarted = 0;
let retry = 0;
let pinFirst = true;

function take(raw: string): void {
  waiting.push(raw);
  unseen++;
  if (waiting.length > WAITING_LIMIT) waiting = waiting.slice(-RING);
  schedule();
}

/** Keeps the rows where they are until they are released, so that a click meets what the pointer is on. */
export function hold(): void {
  held.value = true;
}

export function release(): void {
  if (!held.peek()) return;
  held.value = false;
  schedule();
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  const busy = tokens < SHOWN_A_SECOND;
  const wait = busy ? flushed + CALM_MS - performance.now() : 0;
  if (wait > 0) setTimeout(() => atNextFrame(flush), wait);
  else atNextFrame(flush);
}

/** Runs at the next frame; a window that is covered may have none for long, so a timer does it then. */
function atNextFrame(action: () => void): void {
  let done = false;
  const run = () => {
    if (done) return;
    done = true;
    action();
  };
  requestAnimationFrame(run);
  setTimeout(run, STARVED_MS);
}

function flush(): void {
  scheduled = false;
  flushed = performance.now();
  tokens = Math.min(RING, tokens + ((flushed - refilled) / 1000) * SHOWN_A_SECOND);
  refilled = flushed;
  if (waiting.length === 0) return;
  batch(() => {
    received.value += unseen;
    if (paused.peek() || isHeld()) {
      waitingCount.value += unseen;
      if (waiting.length > RING) waiting = waiting.slice(-RING);
    } else {
      show();
    }
    unseen = 0;
  });
}

/** A list that is still being filled with what was there before is not held. */
function isHeld(): boolean {
  return held.peek() && shown.peek().length > 0 && !isBefore(waiting.at(-1)!, restarted);
}

function show(): void {
  const room = Math.max(1, Math.min(waiting.length, Math.floor(tokens)));
  const step = waiting.length / room;
  const chosen: ShownEvent[] = [];
  // Evenly spread, and always the newest.
  for (let i = 1; i <= room; i++) {
    const event = parse(waiting[Math.ceil(i * step) - 1]!);
    if (event) chosen.push(event);
  }
  waiting = [];
  waitingCount.value = 0;
  tokens -= room;
  append(chosen);
}

function append(chosen: readonly ShownEvent[]): void {
  if (chosen.length === 0) return;
  const keys = new Set(chosen.map((event) => event.key));
  const others = shown.peek().filter((event) => !keys.has(event.key));
  // What was there already, because it was the latest or came again after a break, is no other event.
  const again = shown.peek().length - others.length;
  received.value -= again;
  kept.value += chosen.length - again;
  shown.value = [...others, ...chosen].slice(-RING);
  if (pinFirst) {
    pinFirst = false;
    opened.value = chosen.at(-1)!;
  }
}

/** Null if it is no event. */
export function parse(raw: string): ShownEvent | null {
  try {
    const envelope = JSON.parse(raw) as Envelope;
    return {
      key: `${envelope.stream}/${envelope.partition}/${envelope.offset}`,
      raw,
      envelope,
      time: Date.parse(envelope.recorded),
      preview: previewOf(envelope),
    };
  } catch {
    return null;
  }
}

/** How far back to begin, so that about a hundred events of history come and no scan is long. */
function historySeconds(context: string): number {
  const own = known.get(context)?.rate.value ?? 0;
  const all = totalRate.value ?? 0;
  return Math.max(1, Math.min(600, 150 / Math.max(own, 0.01), 100_000 / Math.max(all, 0.01)));
}

function connect(from: string): void {
  source?.close();
  clearTimeout(retry);
  if (page.peek() === 'room') return;
  const url = `${serverRoot}tail/${urlPath(pattern.peek()).replaceAll('%2A', '*')}?from=${encodeURIComponent(from)}`;
  const mine = new EventSource(url);
  source = mine;
  mine.onopen = () => (following.value = 'live');
  const connected = serverNow();
  let count = 0;
  mine.onmessage = (message: MessageEvent<string>) => {
    if (message.lastEventId) position = message.lastEventId;
    take(message.data);
    // More history than anybody reads: the present is what counts.
    if (++count % BACKLOG === 0 && isBefore(message.data, connected - 1000)) connect('next');
  };
  mine.addEventListener('problem', () => {
    // Going on from the last position would be too slow again.
    cutOff.value = true;
    position = '';
    mine.close();
    reconnect();
  });
  mine.onerror = () => {
    following.value = 'broken';
    // The browser tries again by itself, unless the answer was an error; then the position may be what is wrong.
    if (mine.readyState !== EventSource.CLOSED) return;
    position = '';
    reconnect();
  };
}

function isBefore(raw: string, time: number): boolean {
  return (parse(raw)?.time ?? time) < time;
}

function reconnect(): void {
  following.value = 'broken';
  clearTimeout(retry);
  retry = window.setTimeout(() => connect(position || 'next'), 1000);
}

function restart(): void {
  waiting = [];
  unseen = 0;
  position = '';
  tokens = RING;
  pinFirst = true;
  batch(() => {
    shown.value = [];
    received.value = 0;
    kept.value = 0;
    waitingCount.value = 0;
    cutOff.value = false;
    opened.value = null;
    following.value = 'connecting';
  });
  const context = selected.peek();
  restarted = serverNow();
  connect(new Date(serverNow() - historySeconds(context) * 1000).toISOString());
  if (context !== '/') void showLatest(context);
}

/** A quiet context has nothing in the last minutes; its newest event is shown all the same. */
async function showLatest(context: string): Promise<void> {
  const unneeded = () => selected.peek() !== context || shown.peek().length > 0 || unseen > 0;
  // The tree knows whether there is one; after a link was opened it may not have come this far yet.
  for (let tries = 0; tries < 10 && !known.get(context)?.latest; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    if (unneeded()) return;
  }
  if (!known.get(context)?.latest) return;
  const raw = await getLatest(context).catch(() => undefined);
  const event = raw === undefined ? null : parse(raw);
  if (!event || unneeded()) return;
  batch(() => {
    received.value++;
    append([event]);
  });
}

export function setPaused(value: boolean): void {
  if (paused.peek() === value) return;
  batch(() => {
    paused.value = value;
    if (!value && waiting.length > 0) {
      tokens = RING;
      show();
    }
  });
}

/** Keeps following what is selected, for as long as the page lives. */
export function keepFollowing(): void {
  let timer = 0;
  let followed = '';
  effect(() => {
    const wanted = pattern.value;
    if (page.value === 'room') {
      // A room follows by itself, and a phone has no use for the events of everything.
      clearTimeout(timer);
      source?.close();
      source = null;
      followed = '';
      return;
    }
    // How much history is right depends on the rate, which the second answer tells.
    if (followed === '') beat.value;
    if (wanted === followed || (followed === '' && totalRate.value === null)) return;
    followed = wanted;
    // Walking through the tree by keyboard does not open a connection at every step.
    clearTimeout(timer);
    timer = window.setTimeout(restart, source ? 120 : 0);
  });
  effect(() => {
    // As soon as the server answers again, follow again.
    if (lostSince.value === null && following.peek() === 'broken') connect(position || 'next');
  });
  let hidden = 0;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hidden);
    if (!document.hidden) {
      if (source?.readyState === EventSource.CLOSED) connect(position || 'next');
      return;
    }
    // A page that nobody sees holds no connection: browsers have only six for one server.
    hidden = window.setTimeout(() => source?.close(), HIDDEN_CLOSE_MS);
  });
  setInterval(() => followRate.observe(received.peek() + unseen, performance.now()), 1000);
}
