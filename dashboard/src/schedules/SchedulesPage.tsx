// All schedules: when they fire, and what they emit where.
import { beat } from '../connection';
import * as format from '../format';
import { Problem } from '../ui/Ask';
import { DataTable, type Column } from '../ui/DataTable';
import { Link } from '../ui/Pair';
import { problem, schedules, statuses, visible, type Schedule } from './schedules';

function timetable({ cron, timeZone, every, at }: Schedule): string {
  if (cron) return `${cron} (${timeZone ?? 'UTC'})`;
  return every ? `every ${every}` : `at ${format.moment(at)}`;
}

const statusOf = ({ name }: Schedule) => statuses.value.get(name);

const COLUMNS: Column<Schedule>[] = [
  { name: 'Schedule', width: 'minmax(100px, 1fr)', sort: (s) => s.name, cell: (s) => <b>{s.name}</b> },
  { name: 'Timetable', width: 'minmax(110px, 1.3fr)', class: 'mono', cell: timetable },
  {
    name: 'Target',
    width: 'minmax(90px, 1.2fr)',
    from: 420,
    cell: ({ target }) =>
      target?.queue ? (
        <>
          queue{' '}
          <Link to="queues" name={target.queue}>
            {target.queue}
          </Link>
        </>
      ) : (
        target?.context
      ),
  },
  {
    name: 'Type',
    width: 'minmax(90px, 1fr)',
    from: 860,
    cell: ({ event, job }) => (event ?? job)?.type,
  },
  { name: 'Missed times', width: '96px', from: 980, cell: ({ catchUp }) => catchUp ?? 'once' },
  {
    name: 'Next',
    width: '136px',
    from: 620,
    sort: (s) => Date.parse(statusOf(s)?.next ?? '') || Infinity,
    cell: (s) => format.moment(statusOf(s)?.next),
  },
  {
    name: 'Last',
    width: 'minmax(136px, 1fr)',
    from: 760,
    cell: (s) => (
      <>
        {format.moment(statusOf(s)?.last)} <span class="bad">{statusOf(s)?.lastProblem}</span>
      </>
    ),
  },
];

export function SchedulesPage() {
  beat.value;
  statuses.value;
  const all = schedules.value;
  return (
    <section class="pane" aria-label="Schedules">
      {problem.value !== null && <Problem error={problem.value} />}
      <DataTable
        label="Schedules"
        columns={COLUMNS}
        rows={all ?? []}
        nameOf={(schedule) => schedule.name}
        onRows={(rows) => (visible.names = rows.map(({ name }) => name))}
      />
      {all?.length === 0 && (
        <p class="none">
          There are no schedules yet. Create one with <code>millrace apply</code> or <code>PUT</code>{' '}
          <code>/api/v1/schedules/…</code>
        </p>
      )}
      <p class="pane-foot">
        {all && (
          <>
            <b>{format.count(all.length)}</b> {all.length === 1 ? 'schedule' : 'schedules'}
          </>
        )}
      </p>
    </section>
  );
}
