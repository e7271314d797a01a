// The schedules, and when each fires, asked for while their page is shown.
import { signal } from '@preact/signals';
import { getJson, ServerProblem } from '../api';
import { askStatus, onPage, sparing } from '../connection';

export interface Schedule {
  name: string;
  cron?: string;
  timeZone?: string;
  every?: string;
  at?: string;
  catchUp?: string;
  target?: { context?: string; queue?: string };
  event?: { type?: string };
  job?: { type?: string };
}

export interface ScheduleStatus {
  next?: string | null;
  last?: string | null;
  lastProblem?: string | null;
}

export const schedules = signal<readonly Schedule[] | null>(null);
/** What the server says instead of a list. */
export const problem = signal<unknown>(null);
export const statuses = signal<ReadonlyMap<string, ScheduleStatus>>(new Map());
/** The names of those on the screen; only their status is asked for. */
export const visible = { names: [] as readonly string[] };

const EVERY_MS = 3000;
/** A status that is not there is asked for again so much later. */
const MISSING_MS = 60_000;
let missingAt = -MISSING_MS;
const collator = new Intl.Collator('en', { numeric: true });

const load = sparing(async () => {
  try {
    const { items } = await getJson<{ items: Schedule[] }>('api/v1/schedules');
    schedules.value = items.sort((a, b) => collator.compare(a.name, b.name));
    problem.value = null;
  } catch (error) {
    if (!(error instanceof ServerProblem)) throw error;
    problem.value = error;
  }
}, EVERY_MS);

const loadStatuses = sparing(async () => {
  if (Date.now() - missingAt < MISSING_MS) return;
  const next = new Map(statuses.peek());
  for (const name of visible.names) {
    try {
      next.set(name, await getJson<ScheduleStatus>(`api/v1/schedules/${encodeURIComponent(name)}/status`));
    } catch (error) {
      if (!(error instanceof ServerProblem)) throw error;
      next.delete(name);
      // It was deleted just now, or the server keeps no status of schedules.
      missingAt = Date.now();
      break;
    }
  }
  statuses.value = next;
}, EVERY_MS);

onPage('schedules', async () => {
  await Promise.all([load.ask().then(loadStatuses.ask), askStatus()]);
});
