// Subscriptions and queues, how they are doing, asked for while one of their pages is shown.
import { signal } from '@preact/signals';
import { change, getJson } from '../api';
import { askStatus, onPage, serverNow, sparing } from '../connection';
import { act } from '../ui/Ask';
import * as format from '../format';

export interface Ledger {
  accepted: number;
  settled: number;
  filtered: number;
  expired: number;
  deadLettered: number;
  pending: number;
  leased: number;
  delayed: number;
  deferred: number;
  unread: number;
  oldestPending?: string | null;
}

export type Kind = 'Subscription' | 'Queue';

export interface GroupStatus {
  kind: Kind;
  name: string;
  state: string;
  reason?: string | null;
  waiting: number;
  perSecond: number;
  lastFailure?: string | null;
  ledger: Ledger;
}

/** The part of their documents that the lists show. */
export interface GroupDocument {
  name: string;
  pattern?: string;
  push?: { url?: string };
  context?: string;
  queue?: string;
}

export interface Group {
  status: GroupStatus;
  document: GroupDocument | undefined;
  /** The rate in the last minutes, the newest at the end. */
  rates: readonly number[];
}

export const groups = signal<readonly Group[] | null>(null);

const RATES = 60;
const DOCUMENTS_EVERY_MS = 10_000;
const collator = new Intl.Collator('en', { numeric: true });
let documents = new Map<string, GroupDocument>();
let documentsAt = 0;

const load = sparing(async () => {
  const [{ items }] = await Promise.all([getJson<{ items: GroupStatus[] }>('api/v1/ledger'), askStatus()]);
  const isNew = items.some(({ kind, name }) => kind === 'Subscription' && !documents.has(name));
  if (isNew || Date.now() - documentsAt > DOCUMENTS_EVERY_MS) {
    documentsAt = Date.now();
    const answer = await getJson<{ items: GroupDocument[] }>('api/v1/subscriptions');
    documents = new Map(answer.items.map((document) => [document.name, document]));
  }
  const before = new Map((groups.peek() ?? []).map((group) => [keyOf(group), group.rates]));
  groups.value = items
    .map((status) => ({
      status,
      document: status.kind === 'Subscription' ? documents.get(status.name) : undefined,
      rates: [...(before.get(`${status.kind} ${status.name}`) ?? []), status.perSecond].slice(-RATES),
    }))
    .sort((a, b) => collator.compare(a.status.name, b.status.name));
});

onPage('subscriptions', load.ask);
onPage('queues', load.ask);

export const keyOf = ({ status }: Group) => `${status.kind} ${status.name}`;

export const ofKind = (kind: Kind) => groups.value?.filter((group) => group.status.kind === kind);

export const pathOf = (kind: Kind, name: string) =>
  `${kind === 'Queue' ? 'queues' : 'subscriptions'}/${encodeURIComponent(name)}`;

export const isStopped = ({ state }: GroupStatus) => state !== 'active';

/** What a subscription has before it. */
export const lag = ({ status: { ledger } }: Group) => ledger.pending + ledger.unread;

/** For how long the oldest one has been waiting; empty if nothing is. */
export const oldest = ({ ledger }: GroupStatus) =>
  ledger.oldestPending ? format.age(serverNow() - Date.parse(ledger.oldestPending)) : '';

/** How a subscription delivers, in a few words. */
export function delivery(document: GroupDocument | undefined): string {
  if (!document) return '';
  if (document.push) return `push to ${document.push.url ?? ''}`;
  if (document.context) return `context ${document.context}`;
  return document.queue ? `queue ${document.queue}` : 'pull';
}

/** Pauses what is active, and lets go on what is not. */
export function toggle({ kind, name, state }: GroupStatus): Promise<void> {
  const verb = state === 'active' ? 'pause' : 'resume';
  return act(async () => {
    await change('POST', `${pathOf(kind, name)}/${verb}`);
    askAgain();
    return { text: verb === 'pause' ? `${name} is paused.` : `${name} goes on.` };
  });
}

export const askAgain = () => load.again();
