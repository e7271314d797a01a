// The rate over everything in the last five minutes, with the value under the pointer.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { beat, totalRate } from '../connection';
import * as format from '../format';

const HEIGHT = 96;
const BOTTOM = 18;
const LEFT = 44;
const SECONDS = 300;

/** The next of 1, 2, 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}

export function RateChart() {
  const frame = useRef<HTMLDivElement>(null);
  const width = useSignal(600);
  const pointer = useSignal<number | null>(null);
  beat.value;
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(([entry]) => (width.value = Math.max(160, Math.floor(entry!.contentRect.width))));
    sizes.observe(frame.current!);
    return () => sizes.disconnect();
  }, []);

  const { times, values } = totalRate;
  const end = times.at(-1) ?? 0;
  const top = roundUp(Math.max(1, ...values));
  const x = (time: number) => width.value - ((end - time) / SECONDS) * (width.value - LEFT);
  const y = (value: number) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - 6);
  const first = times.findIndex((time) => time >= end - SECONDS);
  const line = times
    .slice(first)
    .map((time, i) => `${x(time).toFixed(1)} ${y(values[first + i]!).toFixed(1)}`)
    .join('L');
  const at =
    pointer.value === null
      ? -1
      : nearest(times, end - ((width.value - pointer.value) / (width.value - LEFT)) * SECONDS);
  return (
    <div ref={frame} class="rate-chart" role="img" aria-label="Events a second in the last five minutes">
      <svg
        width={width.value}
        height={HEIGHT}
        onPointerMove={(event) => (pointer.value = event.offsetX)}
        onPointerLeave={() => (pointer.value = null)}
      >
        {[0, top / 2, top].map((value) => (
          <g key={value}>
            <line class="grid" x1={LEFT} x2={width.value} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 8} y={y(value) + 4} text-anchor="end">
              {format.rate(value) || '0'}
            </text>
          </g>
        ))}
        {[5, 4, 3, 2, 1, 0].map((minutes) => (
          <text key={minutes} x={x(end - minutes * 60)} y={HEIGHT - 3} text-anchor={minutes ? 'middle' : 'end'}>
            {minutes ? `−${minutes} min` : 'now'}
          </text>
        ))}
        {line.includes('L') && <path class="area" d={`M${line}L${x(end)} ${y(0)}L${x(times[first]!)} ${y(0)}Z`} />}
        {line.includes('L') && <path class="line" d={`M${line}`} />}
        {at >= 0 && <Reading x={x(times[at]!)} y={y(values[at]!)} value={values[at]!} left={x(times[at]!) > 140} />}
      </svg>
    </div>
  );
}

function Reading({ x, y, value, left }: { x: number; y: number; value: number; left: boolean }) {
  return (
    <g class="reading">
      <line x1={x} x2={x} y1={0} y2={HEIGHT - BOTTOM} />
      <circle cx={x} cy={y} r={3} />
      <text x={x + (left ? -8 : 8)} y={14} text-anchor={left ? 'end' : 'start'}>
        {format.rate(value) || '0'} events/s
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
