// All queues: how deep they are, how old the oldest job is, who works on them.
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { beat } from '../connection';
import * as format from '../format';
import { go, item } from '../location';
import { DataTable, type Column } from '../ui/DataTable';
import { Link, Pair } from '../ui/Pair';
import { groups, oldest, ofKind, type Group } from './groups';
import { FilterField, LettersLink, RateCell, StateMark } from './parts';
import { QueueDetail } from './QueueDetail';

const COLUMNS: Column<Group>[] = [
  {
    name: 'Queue',
    width: 'minmax(110px, 2fr)',
    sort: ({ status }) => status.name,
    cell: ({ status }) => (
      <Link to="queues" name={status.name}>
        {status.name}
      </Link>
    ),
  },
  { name: 'State', width: '84px', sort: (g) => g.status.state, cell: (g) => <StateMark status={g.status} /> },
  {
    name: 'Depth',
    width: 'minmax(64px, 0.8fr)',
    class: 'right strong',
    sort: (g) => g.status.ledger.pending,
    cell: (g) => format.count(g.status.ledger.pending),
  },
  {
    name: 'Oldest',
    width: 'minmax(64px, 0.8fr)',
    from: 420,
    class: 'right',
    sort: (g) => (g.status.ledger.oldestPending ? Date.now() - Date.parse(g.status.ledger.oldestPending) : -1),
    cell: (g) => oldest(g.status) || '–',
  },
  {
    name: 'Settled/s',
    width: 'minmax(150px, 1fr)',
    from: 830,
    class: 'right',
    sort: (g) => g.status.perSecond,
    cell: (g) => <RateCell group={g} />,
  },
  {
    name: 'Leased',
    width: 'minmax(64px, 0.8fr)',
    from: 650,
    class: 'right',
    sort: (g) => g.status.ledger.leased,
    cell: (g) => format.count(g.status.ledger.leased),
  },
  {
    name: 'Waiting workers',
    width: 'minmax(112px, 0.8fr)',
    from: 560,
    class: 'right',
    sort: (g) => g.status.waiting,
    cell: (g) => format.count(g.status.waiting),
  },
  {
    name: 'Dead',
    width: '56px',
    class: 'right',
    sort: (g) => g.status.ledger.deadLettered,
    cell: (g) => <LettersLink status={g.status} />,
  },
];

export function QueuesPage() {
  const filter = useSignal('');
  beat.value;
  const all = ofKind('Queue');
  const rows = useMemo(
    () => (all ?? []).filter(({ status }) => status.name.includes(filter.value)),
    [groups.value, filter.value],
  );
  const open = all?.find((group) => group.status.name === item.value);
  const depth = (all ?? []).reduce((sum, group) => sum + group.status.ledger.pending, 0);
  return (
    <Pair
      label="Queues"
      list={
        <>
          <div class="pane-tools">
            <FilterField label="Filter by name" value={filter.value} onChange={(v) => (filter.value = v)} />
          </div>
          <DataTable
            label="Queues"
            columns={COLUMNS}
            rows={rows}
            nameOf={(group) => group.status.name}
            open={item.value}
            onOpen={(name) => go('queues', name)}
          />
          {all?.length === 0 && (
            <p class="none">
              There are no queues yet. Create one with <code>millrace apply</code> or <code>PUT</code>{' '}
              <code>/api/v1/queues/…</code>
            </p>
          )}
          <p class="pane-foot">
            {all && (
              <>
                <b>{format.count(all.length)}</b> {all.length === 1 ? 'queue' : 'queues'} · <b>{format.count(depth)}</b>{' '}
                jobs in all
              </>
            )}
          </p>
        </>
      }
      detail={item.value && all && <QueueDetail key={item.value} name={item.value} group={open} />}
    />
  );
}
