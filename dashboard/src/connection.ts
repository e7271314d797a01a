// One loop asks the server once a second for what the shown page needs, and knows whether the server answers.
import { batch, effect, signal } from '@preact/signals';
import { ConnectionLost, getHealth, getStatus, type Health, type StatusAnswer } from './api';
import { page, type Page } from './location';
import { RateHistory } from './rate';

export const health = signal<Health | null>(null);
/** Since when the server does not answer, by this machine's clock; null while it does. */
export const lostSince = signal<number | null>(null);
/** What the server said last instead of an answer. */
export const serverProblem = signal<string | null>(null);
/** Rises with each answer; whoever shows live numbers reads it. */
export const beat = signal(0);
/** Events a second over everything. */
export const totalRate = new RateHistory();

const INTERVAL_MS = 1000;
let clockOffsetMs = 0;

/** The server's clock, in milliseconds since 1970, as well as it is known here. */
export const serverNow = () => Date.now() + clockOffsetMs;

/** Notes the server's time of an answer that has just arrived; returns it in milliseconds. */
export function noteServerTime(time: string): number {
  const milliseconds = Date.parse(time);
  clockOffsetMs = milliseconds - Date.now();
  return milliseconds;
}

/** The status of all streams; keeps the clock and the total rate on the way. */
export async function askStatus(): Promise<StatusAnswer> {
  const answer = await getStatus();
  const published = answer.streams.flatMap((stream) => stream.partitions.map((partition) => partition.published));
  totalRate.observe(
    published.reduce((a, b) => a + b, 0),
    noteServerTime(answer.time),
  );
  return answer;
}

type Poll = () => Promise<void>;

/** Lets a question be asked less often where its answers take long: at most a tenth of the time goes into it. */
export function sparing(ask: Poll, leastMs = 0): { ask: Poll; again: () => void } {
  let next = 0;
  let wishes = 0;
  return {
    async ask() {
      const started = Date.now();
      const before = wishes;
      if (started < next) return;
      await ask();
      if (before === wishes) next = Date.now() + Math.max(leastMs, 9 * (Date.now() - started));
    },
    again() {
      wishes++;
      next = 0;
      askNow();
    },
  };
}

const polls = new Map<Page, Poll>();

let wake: () => void = () => {};

/** Says what a page asks for; one that was loaded because it is shown asks at once. */
export function onPage(name: Page, poll: Poll): void {
  polls.set(name, poll);
  if (page.peek() === name) askNow();
}

/** Asks now instead of at the next second. */
export const askNow = () => wake();

async function turn(withHealth: boolean): Promise<void> {
  try {
    const [state] = await Promise.all([withHealth ? getHealth() : null, polls.get(page.peek())?.()]);
    batch(() => {
      if (state) health.value = state;
      lostSince.value = null;
      serverProblem.value = null;
    });
  } catch (error) {
    batch(() => {
      if (error instanceof ConnectionLost) {
        lostSince.value ??= Date.now();
      } else {
        lostSince.value = null;
        serverProblem.value = error instanceof Error ? error.message : String(error);
      }
    });
  }
  beat.value++;
}

export async function keepAsking(): Promise<void> {
  document.addEventListener('visibilitychange', askNow);
  addEventListener('online', askNow);
  effect(() => {
    page.value;
    askNow();
  });
  for (let round = 0; ; round++) {
    const started = Date.now();
    if (!document.hidden) await turn(round % 2 === 0 || lostSince.peek() !== null);
    const pause = Math.max(100, INTERVAL_MS - (Date.now() - started));
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, pause);
    });
  }
}
