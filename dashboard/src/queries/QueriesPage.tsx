// All queries: how they are doing, how far behind they are.
import '../style/queries.css';
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { FilterField } from '../cursors/parts';
import { beat } from '../connection';
import * as format from '../format';
import { go, item } from '../location';
import { Problem } from '../ui/Ask';
import { DataTable, type Column } from '../ui/DataTable';
import { Sparkline } from '../ui/icons';
import { Link, Pair } from '../ui/Pair';
import { AdHoc } from './AdHoc';
import { duration, QueryMark } from './parts';
import { QueryDetail } from './QueryDetail';
import { courseOf, watched, type Query } from './queries';

/** What is open when it is the box for a query of the moment; no resource has such a name. */
const AD_HOC = '~';

const COLUMNS: Column<Query>[] = [
  {
    name: 'Query',
    width: 'minmax(110px, 1.4fr)',
    sort: ({ document }) => document.name,
    cell: ({ document: { name } }) => (
      <Link to="queries" name={name}>
        {name}
      </Link>
    ),
  },
  {
    name: 'State',
    width: 'minmax(92px, 1fr)',
    sort: ({ status }) => status?.state ?? '',
    cell: ({ status }) => <QueryMark status={status} withError />,
  },
  {
    name: 'Input/s',
    width: '132px',
    from: 700,
    class: 'right',
    sort: ({ status }) => status?.rates.input ?? 0,
    cell: ({ document, status }) => (
      <span class="rate-cell">
        <Sparkline values={courseOf(document.name).input} length={60} />
        <span>{status && (format.rate(status.rates.input) || '0')}</span>
      </span>
    ),
  },
  {
    name: 'Output/s',
    width: '62px',
    from: 420,
    class: 'right',
    sort: ({ status }) => status?.rates.output ?? 0,
    cell: ({ status }) => status && (format.rate(status.rates.output) || '0'),
  },
  {
    name: 'Lag',
    width: '60px',
    class: 'right strong',
    sort: ({ status }) => status?.lag.events ?? 0,
    cell: ({ status }) => status && format.count(status.lag.events),
  },
  {
    name: 'Watermark',
    width: '76px',
    from: 500,
    class: 'right',
    sort: ({ status }) => status?.lag.watermarkMillis ?? 0,
    cell: ({ status }) => (
      <span title="How far the watermark is behind the clock">{duration(status?.lag.watermarkMillis)}</span>
    ),
  },
  {
    name: 'Late',
    width: '54px',
    from: 540,
    class: 'right',
    sort: ({ status }) => status?.counts.late ?? 0,
    cell: ({ status }) =>
      status && <span class={status.counts.late > 0 ? 'warn' : ''}>{format.count(status.counts.late)}</span>,
  },
  {
    name: 'Restarts',
    width: '62px',
    from: 780,
    class: 'right',
    sort: ({ status }) => status?.restarts ?? 0,
    cell: ({ status }) =>
      status && <span class={status.restarts > 0 ? 'warn' : ''}>{format.count(status.restarts)}</span>,
  },
  {
    name: 'Output',
    width: 'minmax(90px, 1.4fr)',
    from: 880,
    class: 'mono',
    cell: ({ document: { output } }) => output?.context ?? (output?.view && `view ${output.view}`),
  },
];

export function QueriesPage() {
  const filter = useSignal('');
  beat.value;
  const { documents, statuses, problem } = watched;
  const all = documents.value;
  const rows = useMemo(
    () =>
      (all ?? [])
        .filter(({ name, sql }) => `${name} ${sql}`.includes(filter.value))
        .map((document) => ({ document, status: statuses.value.get(document.name) })),
    [all, statuses.value, filter.value],
  );
  const name = item.value;
  const open = all?.find((document) => document.name === name);
  const failed = [...statuses.value.values()].filter(({ state }) => state === 'failed').length;
  return (
    <Pair
      label="Queries"
      list={
        <>
          <div class="pane-tools">
            <FilterField label="Filter by name or SQL" value={filter.value} onChange={(v) => (filter.value = v)} />
            <button
              type="button"
              class="tool"
              aria-pressed={name === AD_HOC}
              onClick={() => go('queries', name === AD_HOC ? '' : AD_HOC)}
            >
              Try SQL
            </button>
          </div>
          {problem.value !== null && <Problem error={problem.value} />}
          <DataTable
            label="Queries"
            columns={COLUMNS}
            rows={rows}
            nameOf={({ document }) => document.name}
            open={name}
            onOpen={(to) => go('queries', to)}
            onRows={(shown) => watched.show(shown.map(({ document }) => document.name))}
          />
          {all?.length === 0 && (
            <p class="none">
              There are no queries yet. Create one with <code>millrace apply</code> or <code>PUT</code>{' '}
              <code>/api/v1/queries/…</code>, or try some SQL first.
            </p>
          )}
          <p class="pane-foot">
            {all && (
              <>
                <b>{format.count(all.length)}</b> {all.length === 1 ? 'query' : 'queries'}
                {failed > 0 && <span class="bad"> · {format.count(failed)} failed</span>}
              </>
            )}
          </p>
        </>
      }
      detail={
        name === AD_HOC ? (
          <AdHoc />
        ) : (
          name &&
          all && (
            <QueryDetail key={name} name={name} query={open && { document: open, status: statuses.value.get(name) }} />
          )
        )
      }
    />
  );
}
