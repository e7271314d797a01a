// The streams with their partitions and rates, asked for while their page is shown.
import { signal } from '@preact/signals';
import { getStreams, type PartitionStatus, type StreamStatus } from '../api';
import { askStatus, onPage } from '../connection';
import { Rate, RateHistory } from '../rate';

export interface StreamView {
  status: StreamStatus;
  retention: unknown;
  rate: RateHistory;
  partitionRates: Map<number, Rate>;
  failed: boolean;
}

export type StreamRow = { stream: StreamView; partition: PartitionStatus | null };

export const streams = signal<readonly StreamView[] | null>(null);
/** Streams that the reader has opened (true) or closed (false); others are open if something in them has failed. */
export const toggled = signal<ReadonlyMap<string, boolean>>(new Map());

const views = new Map<string, StreamView>();
const retentions = new Map<string, unknown>();
const DOCUMENTS_EVERY_MS = 10_000;
let documentsAt = 0;

const collator = new Intl.Collator('en', { numeric: true });

onPage('streams', async () => {
  const answer = await askStatus();
  const time = Date.parse(answer.time);
  const isNew = answer.streams.some((stream) => !views.has(stream.name));
  if (isNew || Date.now() - documentsAt > DOCUMENTS_EVERY_MS) await loadDocuments();
  const present = new Set<string>();
  for (const status of answer.streams) {
    present.add(status.name);
    const view = views.get(status.name) ?? newView(status);
    views.set(status.name, view);
    view.status = status;
    view.retention = retentions.get(status.name);
    view.failed = status.partitions.some((partition) => partition.state !== 'open');
    const published = status.partitions.reduce((sum, partition) => sum + partition.published, 0);
    view.rate.observe(published, time);
    for (const partition of status.partitions) {
      let rate = view.partitionRates.get(partition.partition);
      if (!rate) view.partitionRates.set(partition.partition, (rate = new Rate()));
      rate.observe(partition.published, time);
    }
  }
  for (const name of views.keys()) if (!present.has(name)) views.delete(name);
  streams.value = [...views.values()].sort((a, b) => collator.compare(a.status.name, b.status.name));
});

function newView(status: StreamStatus): StreamView {
  return { status, retention: undefined, rate: new RateHistory(), partitionRates: new Map(), failed: false };
}

async function loadDocuments(): Promise<void> {
  documentsAt = Date.now();
  for (const document of await getStreams()) retentions.set(document.name, document.retention ?? null);
}

export function isOpen(view: StreamView): boolean {
  return toggled.value.get(view.status.name) ?? (view.failed || (streams.value?.length ?? 0) <= 4);
}

export function toggle(view: StreamView): void {
  toggled.value = new Map(toggled.value).set(view.status.name, !isOpen(view));
}

export function streamRows(): StreamRow[] {
  const result: StreamRow[] = [];
  for (const stream of streams.value ?? []) {
    result.push({ stream, partition: null });
    if (isOpen(stream)) for (const partition of stream.status.partitions) result.push({ stream, partition });
  }
  return result;
}
