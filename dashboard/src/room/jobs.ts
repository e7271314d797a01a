// Jobs in queues that are about a place.
import { getJson, type CloudEvent } from '../api';
import type { GroupStatus } from '../cursors/groups';
import { concerns, jobWords } from './readings';

/** Looked at so many jobs of so many queues; what is behind them is not for a glance. */
const JOBS = 100;
const QUEUES = 8;

export interface RoomJob {
  key: string;
  queue: string;
  words: string;
  /** `ready`, `leased` and so on. */
  state: string;
  since: number;
}

interface JobDocument {
  number: string;
  state: string;
  recordedtime: string;
  event: CloudEvent;
}

/** The jobs about this place that wait or are being done, the oldest first. */
export async function jobsOf(context: string): Promise<RoomJob[]> {
  const { items } = await getJson<{ items: GroupStatus[] }>('api/v1/ledger');
  const queues = items.filter(({ kind, ledger }) => kind === 'Queue' && ledger.pending > 0).slice(0, QUEUES);
  const found = await Promise.all(queues.map(({ name }) => inQueue(name, context)));
  return found.flat().sort((a, b) => a.since - b.since);
}

async function inQueue(queue: string, context: string): Promise<RoomJob[]> {
  const { jobs } = await getJson<{ jobs: JobDocument[] }>(`queues/${encodeURIComponent(queue)}/jobs?max=${JOBS}`);
  return jobs
    .filter(({ event }) => concerns(event, context))
    .map(({ number, state, recordedtime, event }) => ({
      key: `${queue} ${number}`,
      queue,
      words: jobWords(event),
      state,
      since: Date.parse(recordedtime),
    }));
}
