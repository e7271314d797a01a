// Lines over time, with the values under the pointer.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface Line {
  name: string;
  /** Seconds since 1970, rising. */
  times: readonly number[];
  values: readonly number[];
  /** Which of the colours, from 0; the first is that of everything that flows. */
  colour?: number;
}

interface Props {
  label: string;
  lines: readonly Line[];
  /** So many seconds are shown; without it, from the first value to the last. */
  seconds?: number;
  /** Whether the lowest value that is shown is zero. */
  fromZero?: boolean;
  height?: number;
  write: (value: number) => string;
  /** What stands behind a value under the pointer. */
  unit?: string;
}

const BOTTOM = 18;
const LEFT = 44;
const TOP = 6;
const SHORTEST_S = 10;

/** The next of 1, 2, 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}

/** From where to where the values go, and what is written beside them: three round numbers. */
function scale(lowest: number, highest: number, fromZero: boolean): [number, number, number] {
  if (fromZero) {
    const top = roundUp(Math.max(1, highest));
    return [0, top / 2, top];
  }
  const step = roundUp(Math.max((highest - lowest) / 2, Math.abs(highest) * 0.001, 1e-6));
  const bottom = Math.floor(lowest / step) * step;
  return bottom + 2 * step >= highest ? [bottom, bottom + step, bottom + 2 * step] : scaleWide(bottom, step);
}

const scaleWide = (bottom: number, step: number): [number, number, number] => [
  bottom,
  bottom + 2 * step,
  bottom + 4 * step,
];

export function Chart({ label, lines, seconds, fromZero = true, height = 96, write, unit = '' }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useSignal(600);
  const pointer = useSignal<number | null>(null);
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(([entry]) => (width.value = Math.max(160, Math.floor(entry!.contentRect.width))));
    sizes.observe(frame.current!);
    return () => sizes.disconnect();
  }, []);

  const end = Math.max(...lines.map((line) => line.times.at(-1) ?? 0), 0);
  const start = Math.min(...lines.map((line) => line.times[0] ?? end));
  const span = seconds ?? Math.max(SHORTEST_S, end - start);
  const values = lines.flatMap((line) => line.values);
  const marks = scale(Math.min(...values, Infinity), Math.max(...values, -Infinity), fromZero || values.length === 0);
  const [bottom, , top] = marks;
  const x = (time: number) => width.value - ((end - time) / span) * (width.value - LEFT);
  const y = (value: number) => height - BOTTOM - ((value - bottom) / (top - bottom)) * (height - BOTTOM - TOP);
  const at = pointer.value === null ? null : end - ((width.value - pointer.value) / (width.value - LEFT)) * span;
  return (
    <div ref={frame} class="rate-chart" role="img" aria-label={label} style={{ height: `${height}px` }}>
      <svg
        width={width.value}
        height={height}
        onPointerMove={(event) => (pointer.value = event.offsetX)}
        onPointerLeave={() => (pointer.value = null)}
      >
        {marks.map((value) => (
          <g key={value}>
            <line class="grid" x1={LEFT} x2={width.value} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 8} y={y(value) + 4} text-anchor="end">
              {write(value)}
            </text>
          </g>
        ))}
        {times(span, width.value).map((back) => (
          <text key={back} x={x(end - back)} y={height - 3} text-anchor={back ? 'middle' : 'end'}>
            {back ? ago(back) : 'now'}
          </text>
        ))}
        {lines.map((line) => (
          <Drawn key={line.name} line={line} from={end - span} x={x} y={y} filled={fromZero && lines.length === 1} />
        ))}
        {at !== null && values.length > 0 && (
          <Reading lines={lines} at={at} x={x} y={y} height={height} write={write} unit={unit} />
        )}
      </svg>
    </div>
  );
}

type Place = (value: number) => number;

function Drawn({ line, from, x, y, filled }: { line: Line; from: number; x: Place; y: Place; filled: boolean }) {
  const first = line.times.findIndex((time) => time >= from);
  if (first < 0) return null;
  const points = line.times.slice(first).map((time, i) => [x(time), y(line.values[first + i]!)] as const);
  const path = points.map(([left, up]) => `${left.toFixed(1)} ${up.toFixed(1)}`).join('L');
  const ground = y(0);
  const colour = `colour-${line.colour ?? 0}`;
  if (points.length === 1) return <circle class={`dot ${colour}`} cx={points[0]![0]} cy={points[0]![1]} r={2} />;
  return (
    <>
      {filled && <path class="area" d={`M${path}L${points.at(-1)![0]} ${ground}L${points[0]![0]} ${ground}Z`} />}
      <path class={`line ${colour}`} d={`M${path}`} />
    </>
  );
}

interface ReadingProps {
  lines: readonly Line[];
  at: number;
  x: Place;
  y: Place;
  height: number;
  write: (value: number) => string;
  unit: string;
}

function Reading({ lines, at, x, y, height, write, unit }: ReadingProps) {
  const read = lines
    .map((line) => ({ line, index: nearest(line.times, at) }))
    .filter(({ index }) => index >= 0)
    .map(({ line, index }) => ({ line, time: line.times[index]!, value: line.values[index]! }));
  const middle = x(read[0]!.time);
  const left = middle > 140;
  return (
    <g class="reading">
      <line x1={middle} x2={middle} y1={0} y2={height - BOTTOM} />
      {read.map(({ line, time, value }) => (
        <circle key={line.name} class={`dot colour-${line.colour ?? 0}`} cx={x(time)} cy={y(value)} r={3} />
      ))}
      <text x={middle + (left ? -8 : 8)} y={14} text-anchor={left ? 'end' : 'start'}>
        {read.length === 1
          ? `${write(read[0]!.value)}${unit}`
          : read.map(({ line, value }) => `${line.name} ${write(value)}${unit}`).join(' · ')}
      </text>
    </g>
  );
}

function nearest(times: readonly number[], time: number): number {
  let best = -1;
  for (let i = 0; i < times.length; i++) {
    if (best < 0 || Math.abs(times[i]! - time) < Math.abs(times[best]! - time)) best = i;
  }
  return best;
}

const STEPS_S = [5, 10, 30, 60, 300, 600, 1800, 3600, 21_600, 86_400, 604_800, 2_592_000];
const MARK_WIDTH = 74;

/** How many seconds back there is a mark, so that the marks have room beside each other. */
function times(span: number, width: number): number[] {
  const room = Math.max(1, Math.floor((width - LEFT) / MARK_WIDTH));
  const step = STEPS_S.find((each) => span / each <= room) ?? span;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, i) => i * step);
}

function ago(seconds: number): string {
  if (seconds < 60) return `−${seconds} s`;
  if (seconds < 3600) return `−${seconds / 60} min`;
  return seconds < 86_400 ? `−${seconds / 3600} h` : `−${seconds / 86_400} d`;
}
