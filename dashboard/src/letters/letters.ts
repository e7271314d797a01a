// The dead letters that a search finds, asked for while their page is shown.
import { effect, signal } from '@preact/signals';
import { change, getJson, ServerProblem, type CloudEvent } from '../api';
import { askStatus, onPage, sparing } from '../connection';
import { letterSearch } from '../location';
import type { Done } from '../ui/Ask';
import * as format from '../format';

export interface Letter {
  id: string;
  kind: 'Subscription' | 'Queue';
  name: string;
  reason: string;
  detail: string;
  status?: number;
  attempts: number;
  first?: string;
  last: string;
  position: { stream: string; partition: number; offset: number };
  resubmissions: number;
  context: string;
  event: CloudEvent;
}

export const REASONS = ['rejected', 'attempts-exhausted', 'leases-ended', 'expired', 'queue-full', 'transform-failed'];

export const letters = signal<readonly Letter[] | null>(null);
/** Whether there are more than those. */
export const more = signal(false);
/** What is wrong with the search, as the server says it. */
export const searchProblem = signal<unknown>(null);
/** The ids of those that are ticked. Replaced, not changed. */
export const ticked = signal<ReadonlySet<string>>(new Set());

const PAGE = 100;
const MAX = 1000;
const EVERY_MS = 3000;
let wanted = PAGE;

const load = sparing(async () => {
  const search = letterSearch.peek();
  const found: Letter[] = [];
  let next: string | undefined;
  try {
    do {
      const query = new URLSearchParams({ ...search, max: String(Math.min(MAX, wanted - found.length)) });
      if (next !== undefined) query.set('after', next);
      const answer = await getJson<{ letters: Letter[]; next?: string }>(`dead-letters?${query}`);
      found.push(...answer.letters);
      next = answer.next ?? undefined;
    } while (next !== undefined && found.length < wanted);
  } catch (error) {
    if (!(error instanceof ServerProblem)) throw error;
    searchProblem.value = error;
    return;
  }
  if (search !== letterSearch.peek()) return load.again();
  searchProblem.value = null;
  letters.value = found;
  more.value = next !== undefined;
  const ids = new Set(found.map((letter) => letter.id));
  const left = [...ticked.peek()].filter((id) => ids.has(id));
  if (left.length < ticked.peek().size) ticked.value = new Set(left);
}, EVERY_MS);

onPage('dead-letters', async () => {
  await Promise.all([load.ask(), askStatus()]);
});

effect(() => {
  letterSearch.value;
  wanted = PAGE;
  ticked.value = new Set();
  load.again();
});

export const askAgain = () => load.again();

export function showMore(): void {
  wanted = (letters.peek()?.length ?? 0) + PAGE;
  load.again();
}

/** Those that something is done to: by id, or all that the search finds. */
export type Chosen = { ids: readonly string[] } | { search: Readonly<Record<string, string>> };

/** Sends again or throws away. `rest` is the text of further members, so that an event stays exactly as it was written. */
export async function apply(verb: 'resubmit' | 'discard', chosen: Chosen, rest: Record<string, string>): Promise<Done> {
  const members = Object.entries(rest).map(([name, text]) => `,${JSON.stringify(name)}:${text}`);
  const body = `${JSON.stringify(chosen).slice(0, -1)}${members.join('')}}`;
  const { done, problems } = await change<{ done: number; problems: string[] }>('POST', `dead-letters/${verb}`, body);
  askAgain();
  const word = verb === 'resubmit' ? 'sent again' : 'thrown away';
  return { text: `${format.count(done)} ${done === 1 ? 'dead letter is' : 'dead letters are'} ${word}.`, problems };
}
