// All views: how much they hold, what keeps them current, and how far behind it they are.
import '../style/queries.css';
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { FilterField } from '../cursors/parts';
import { beat } from '../connection';
import * as format from '../format';
import { go, item } from '../location';
import { Problem } from '../ui/Ask';
import { DataTable, type Column } from '../ui/DataTable';
import { Link, Pair } from '../ui/Pair';
import { FedBy } from './FedBy';
import { ViewDetail } from './ViewDetail';
import { rateOf, watched, type View } from './views';

const COLUMNS: Column<View>[] = [
  {
    name: 'View',
    width: 'minmax(110px, 1.3fr)',
    sort: ({ document }) => document.name,
    cell: ({ document: { name } }) => (
      <Link to="views" name={name}>
        {name}
      </Link>
    ),
  },
  {
    name: 'State',
    width: '84px',
    sort: ({ status }) => status?.state ?? '',
    cell: ({ status }) => (status ? <span class={`mark ${status.state}`}>{status.state}</span> : '–'),
  },
  {
    name: 'Keys',
    width: '72px',
    class: 'right strong',
    sort: ({ status }) => status?.keys ?? 0,
    cell: ({ status }) => status && format.count(status.keys),
  },
  {
    name: 'Updates',
    width: '84px',
    from: 500,
    class: 'right',
    sort: ({ status }) => status?.updates ?? 0,
    cell: ({ status }) => status && format.count(status.updates),
  },
  {
    name: 'Updates/s',
    width: '70px',
    from: 700,
    class: 'right',
    sort: ({ document }) => rateOf(document.name) ?? 0,
    cell: ({ document }) => format.rate(rateOf(document.name)) || '0',
  },
  {
    name: 'Lag',
    width: '56px',
    from: 420,
    class: 'right',
    sort: ({ status }) => status?.lag.events ?? 0,
    cell: ({ status }) => status && format.count(status.lag.events),
  },
  {
    name: 'Size',
    width: '70px',
    from: 780,
    class: 'right',
    sort: ({ status }) => status?.bytes ?? 0,
    cell: ({ status }) => status && format.bytes(status.bytes),
  },
  {
    name: 'Fed by',
    width: 'minmax(100px, 1.6fr)',
    from: 620,
    cell: (view) => <FedBy view={view} />,
  },
];

export function ViewsPage() {
  const filter = useSignal('');
  beat.value;
  const { documents, statuses, problem } = watched;
  const all = documents.value;
  const rows = useMemo(
    () =>
      (all ?? [])
        .filter(({ name }) => name.includes(filter.value))
        .map((document) => ({ document, status: statuses.value.get(document.name) })),
    [all, statuses.value, filter.value],
  );
  const open = all?.find(({ name }) => name === item.value);
  return (
    <Pair
      label="Views"
      list={
        <>
          <div class="pane-tools">
            <FilterField label="Filter by name" value={filter.value} onChange={(v) => (filter.value = v)} />
          </div>
          {problem.value !== null && <Problem error={problem.value} />}
          <DataTable
            label="Views"
            columns={COLUMNS}
            rows={rows}
            nameOf={({ document }) => document.name}
            open={item.value}
            onOpen={(name) => go('views', name)}
            onRows={(shown) => watched.show(shown.map(({ document }) => document.name))}
          />
          {all?.length === 0 && (
            <p class="none">
              There are no views yet. Create one with <code>millrace apply</code> or <code>PUT</code>{' '}
              <code>/api/v1/views/…</code>
            </p>
          )}
          <p class="pane-foot">
            {all && (
              <>
                <b>{format.count(all.length)}</b> {all.length === 1 ? 'view' : 'views'}
              </>
            )}
          </p>
        </>
      }
      detail={
        item.value &&
        all && (
          <ViewDetail
            key={item.value}
            name={item.value}
            view={open && { document: open, status: statuses.value.get(item.value) }}
          />
        )
      }
    />
  );
}
