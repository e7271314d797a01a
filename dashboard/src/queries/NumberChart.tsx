// A number in the data of events over time, a line for each context.
import { useSignal } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import type { ShownEvent } from '../events/follow';
import * as format from '../format';
import { Chart, type Line } from '../ui/Chart';

const LINES = 6;

const dataOf = ({ envelope }: ShownEvent) => {
  const { data } = envelope.event;
  return data !== null && typeof data === 'object' && !Array.isArray(data) ? (data as Record<string, unknown>) : {};
};

/** The time that the event itself tells, as far as it tells one. */
const timeOf = ({ envelope, time }: ShownEvent) => (Date.parse(String(envelope.event['time'])) || time) / 1000;

interface Course {
  lines: Line[];
  others: number;
}

export function NumberChart({ events, from }: { events: readonly ShownEvent[]; from: string }) {
  const chosen = useSignal('');
  const id = useId();
  const columns = useMemo(() => numbersIn(events), [events]);
  const column = columns.includes(chosen.value) ? chosen.value : columns[0];
  const course = useMemo<Course>(
    () => (column === undefined ? { lines: [], others: 0 } : courseOf(events, column, from)),
    [events, column, from],
  );
  if (column === undefined) return null;
  return (
    <div class="number-chart">
      <div class="number-head">
        {columns.length > 1 ? (
          <>
            <label for={id}>Over time</label>
            <select id={id} value={column} onInput={(event) => (chosen.value = event.currentTarget.value)}>
              {columns.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </>
        ) : (
          <span>
            <b>{column}</b> over time
          </span>
        )}
        {course.lines.length > 1 && (
          <ul class="legend">
            {course.lines.map((line) => (
              <li key={line.name}>
                <span class={`swatch colour-${line.colour}`} />
                {line.name}
              </li>
            ))}
            {course.others > 0 && <li class="muted">{format.count(course.others)} others are not drawn</li>}
          </ul>
        )}
      </div>
      <Chart label={`${column} over time`} lines={course.lines} fromZero={false} height={132} write={format.number} />
    </div>
  );
}

/** The names of the members that are numbers wherever they are, in their order. */
function numbersIn(events: readonly ShownEvent[]): string[] {
  const found = new Map<string, boolean>();
  for (const event of events) {
    for (const [name, value] of Object.entries(dataOf(event))) {
      if (value !== null) found.set(name, (found.get(name) ?? true) && typeof value === 'number');
    }
  }
  return [...found].filter(([, isNumber]) => isNumber).map(([name]) => name);
}

function courseOf(events: readonly ShownEvent[], column: string, from: string): Course {
  const byContext = new Map<string, [number, number][]>();
  for (const event of events) {
    const value = dataOf(event)[column];
    if (typeof value !== 'number') continue;
    const { context } = event.envelope;
    const points = byContext.get(context);
    if (points) points.push([timeOf(event), value]);
    else byContext.set(context, [[timeOf(event), value]]);
  }
  const contexts = [...byContext].sort(([a], [b]) => collator.compare(a, b));
  return {
    lines: contexts.slice(0, LINES).map(([context, points], colour) => {
      const sorted = points.sort(([a], [b]) => a - b);
      return {
        name: context.slice(from.length + 1) || context,
        times: sorted.map(([time]) => time),
        values: sorted.map(([, value]) => value),
        colour,
      };
    }),
    others: Math.max(0, contexts.length - LINES),
  };
}

const collator = new Intl.Collator('en', { numeric: true });
