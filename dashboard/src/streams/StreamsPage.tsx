// All streams, what they hold and how fast they grow.
import { useRef } from 'preact/hooks';
import type { PartitionStatus } from '../api';
import { beat, serverNow, totalRate } from '../connection';
import * as format from '../format';
import { Icon, Sparkline } from '../ui/icons';
import { VirtualRows } from '../ui/VirtualRows';
import { RateChart } from './RateChart';
import { isOpen, streamRows, streams, toggle, type StreamView } from './streams';

const ROW_HEIGHT = 30;

export function StreamsPage() {
  const container = useRef<HTMLDivElement>(null);
  beat.value;
  const all = streams.value;
  const rows = streamRows();
  const partitions = all?.reduce((sum, stream) => sum + stream.status.partitions.length, 0) ?? 0;
  const failed = all?.reduce((n, s) => n + s.status.partitions.filter((p) => p.state !== 'open').length, 0) ?? 0;
  return (
    <section class="pane streams-page" aria-label="Streams">
      <div class="streams-top">
        <dl class="figures">
          <Figure name="events a second" value={format.rate(totalRate.value) || '0'} />
          <Figure name="streams" value={all ? format.count(all.length) : ''} />
          <Figure name="partitions" value={all ? format.count(partitions) : ''} />
          <Figure name="kept on disk" value={all ? format.bytes(all.reduce((n, s) => n + s.status.bytes, 0)) : ''} />
          {failed > 0 && (
            <Figure name={failed === 1 ? 'partition failed' : 'partitions failed'} value={String(failed)} bad />
          )}
        </dl>
        <RateChart />
      </div>
      <div class="table" role="table" aria-label="Streams" aria-rowcount={rows.length + 1}>
        <div class="columns stream-columns" role="row">
          {['Stream', 'Mount', 'Durability', 'Retention', 'Start', 'End', 'Events', 'Size', 'Last', 'Events/s', ''].map(
            (name, i) => (
              <span key={i} role="columnheader" class={i >= 4 && i <= 9 ? 'right' : ''}>
                {name || <span class="unseen">Course of the rate</span>}
              </span>
            ),
          )}
        </div>
        <VirtualRows
          container={container}
          class="stream-rows"
          role="rowgroup"
          tabIndex={0}
          count={rows.length}
          rowHeight={ROW_HEIGHT}
          row={(index) => {
            const row = rows[index];
            if (!row) return null;
            return row.partition ? (
              <PartitionRow stream={row.stream} partition={row.partition} index={index} />
            ) : (
              <StreamRow stream={row.stream} index={index} />
            );
          }}
        />
      </div>
    </section>
  );
}

function Figure({ name, value, bad = false }: { name: string; value: string; bad?: boolean }) {
  return (
    <div class={`figure${bad ? ' bad' : ''}`}>
      <dd>{value}</dd>
      <dt>{name}</dt>
    </div>
  );
}

function StreamRow({ stream, index }: { stream: StreamView; index: number }) {
  const { status } = stream;
  const open = isOpen(stream);
  const count = status.partitions.length;
  const last = status.partitions.reduce(
    (latest, p) => Math.max(latest, p.lastRecorded ? Date.parse(p.lastRecorded) : 0),
    0,
  );
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      class={`stream-row${stream.failed ? ' failed' : ''}`}
      data-stream={status.name}
    >
      <span role="cell">
        <button type="button" class="disclose" aria-expanded={open} onClick={() => toggle(stream)}>
          <span class={`twisty${open ? ' open' : ''}`}>
            <Icon name="twisty" />
          </span>
          {status.name}
          <span class="below">{count === 1 ? '1 partition' : `${count} partitions`}</span>
        </button>
      </span>
      <span role="cell" class="mono">
        {status.mount}
      </span>
      <span role="cell">{status.durability}</span>
      <span role="cell">{format.retention(stream.retention)}</span>
      <span role="cell" />
      <span role="cell" />
      <span role="cell" class="right">
        {format.count(status.events)}
      </span>
      <span role="cell" class="right">
        {format.bytes(status.bytes)}
      </span>
      <span role="cell" class="right">
        {last > 0 ? format.age(serverNow() - last) : ''}
      </span>
      <span role="cell" class="right strong">
        {format.rate(stream.rate.value)}
      </span>
      <span role="cell">
        <Sparkline values={stream.rate.values} length={60} />
      </span>
    </div>
  );
}

function PartitionRow({ stream, partition, index }: { stream: StreamView; partition: PartitionStatus; index: number }) {
  const failed = partition.state !== 'open';
  return (
    <div role="row" aria-rowindex={index + 2} class={`partition-row${failed ? ' failed' : ''}`}>
      <span role="cell" class="partition-name">
        partition {partition.partition}
      </span>
      <span role="cell" class="state" title={failed ? partition.reason : undefined}>
        {failed ? (
          <>
            <b>{partition.state}</b> {partition.reason}
          </>
        ) : (
          ''
        )}
      </span>
      <span role="cell" class="right">
        {format.count(partition.start)}
      </span>
      <span role="cell" class="right">
        {format.count(partition.end)}
      </span>
      <span role="cell" class="right">
        {format.count(partition.end - partition.start)}
      </span>
      <span role="cell" class="right">
        {format.bytes(partition.bytes)}
      </span>
      <span role="cell" class="right">
        {partition.lastRecorded ? format.age(serverNow() - Date.parse(partition.lastRecorded)) : ''}
      </span>
      <span role="cell" class="right">
        {format.rate(stream.partitionRates.get(partition.partition)?.value ?? null)}
      </span>
      <span role="cell" />
    </div>
  );
}
