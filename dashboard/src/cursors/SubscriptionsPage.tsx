// All subscriptions: what they want, where it goes, how far behind they are.
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { beat } from '../connection';
import * as format from '../format';
import { go, item } from '../location';
import { DataTable, type Column } from '../ui/DataTable';
import { Link, Pair } from '../ui/Pair';
import { delivery, groups, lag, ofKind, type Group } from './groups';
import { FilterField, LettersLink, RateCell, StateMark } from './parts';
import { SubscriptionDetail } from './SubscriptionDetail';

const COLUMNS: Column<Group>[] = [
  {
    name: 'Subscription',
    width: 'minmax(110px, 1.3fr)',
    sort: ({ status }) => status.name,
    cell: ({ status }) => (
      <Link to="subscriptions" name={status.name}>
        {status.name}
      </Link>
    ),
  },
  { name: 'State', width: '84px', sort: (g) => g.status.state, cell: (g) => <StateMark status={g.status} /> },
  {
    name: 'Pattern',
    width: 'minmax(90px, 1.3fr)',
    from: 560,
    class: 'mono',
    sort: (g) => g.document?.pattern ?? '',
    cell: (g) => g.document?.pattern,
  },
  {
    name: 'Delivery',
    width: 'minmax(80px, 1.2fr)',
    from: 700,
    sort: (g) => delivery(g.document),
    cell: (g) => delivery(g.document),
  },
  {
    name: 'Lag',
    width: '68px',
    class: 'right strong',
    sort: lag,
    cell: (g) => format.count(lag(g)),
  },
  {
    name: 'Settled/s',
    width: '150px',
    from: 800,
    class: 'right',
    sort: (g) => g.status.perSecond,
    cell: (g) => <RateCell group={g} />,
  },
  {
    name: 'Dead',
    width: '56px',
    class: 'right',
    sort: (g) => g.status.ledger.deadLettered,
    cell: (g) => <LettersLink status={g.status} />,
  },
  {
    name: 'Last failure',
    width: 'minmax(100px, 1.6fr)',
    from: 980,
    cell: (g) => <span title={g.status.lastFailure ?? undefined}>{g.status.lastFailure}</span>,
  },
];

export function SubscriptionsPage() {
  const filter = useSignal('');
  beat.value;
  const all = ofKind('Subscription');
  const rows = useMemo(
    () => (all ?? []).filter(({ status, document }) => `${status.name} ${document?.pattern}`.includes(filter.value)),
    [groups.value, filter.value],
  );
  const open = all?.find((group) => group.status.name === item.value);
  const total = (all ?? []).reduce((sum, group) => sum + lag(group), 0);
  return (
    <Pair
      label="Subscriptions"
      list={
        <>
          <div class="pane-tools">
            <FilterField label="Filter by name or pattern" value={filter.value} onChange={(v) => (filter.value = v)} />
          </div>
          <DataTable
            label="Subscriptions"
            columns={COLUMNS}
            rows={rows}
            nameOf={(group) => group.status.name}
            open={item.value}
            onOpen={(name) => go('subscriptions', name)}
          />
          {all?.length === 0 && (
            <p class="none">
              There are no subscriptions yet. Create one with <code>millrace apply</code> or <code>PUT</code>{' '}
              <code>/api/v1/subscriptions/…</code>
            </p>
          )}
          <p class="pane-foot">
            {all && (
              <>
                <b>{format.count(all.length)}</b> {all.length === 1 ? 'subscription' : 'subscriptions'} · lag{' '}
                <b>{format.count(total)}</b> in all
              </>
            )}
          </p>
        </>
      }
      detail={item.value && all && <SubscriptionDetail key={item.value} name={item.value} group={open} />}
    />
  );
}
