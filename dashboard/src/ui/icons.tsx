// The few drawings of the page, all in the current colour.

/** A wheel in the water. */
export function Logo() {
  const paddles = Array.from({ length: 8 }, (_, i) => (
    <path key={i} d="M16 10.5V3.2" transform={`rotate(${i * 45 + 22.5} 16 13)`} />
  ));
  return (
    <svg class="logo" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <g class="wheel" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
        <circle cx="16" cy="13" r="7.2" />
        <circle cx="16" cy="13" r="1.4" />
        {paddles}
      </g>
      <g class="water" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round">
        <path d="M2 23.5c2.3 0 2.3 1.8 4.7 1.8s2.3-1.8 4.7-1.8 2.3 1.8 4.6 1.8 2.4-1.8 4.7-1.8 2.3 1.8 4.7 1.8 2.3-1.8 4.6-1.8" />
        <path d="M6.7 29c2.3 0 2.3-1.6 4.7-1.6s2.3 1.6 4.6 1.6 2.4-1.6 4.7-1.6 2.3 1.6 4.6 1.6" />
      </g>
    </svg>
  );
}

const PATHS = {
  sun: 'M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  moon: 'M13.2 9.6A5.7 5.7 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2v9.6L12.4 8Z',
  close: 'M4 4l8 8M12 4l-8 8',
  twisty: 'M6 4l4 4-4 4',
  back: 'M13 8H3.5M7.5 4l-4 4 4 4',
  left: 'M10 3.5L5.5 8l4.5 4.5',
  right: 'M6 3.5L10.5 8 6 12.5',
  up: 'M3.5 10L8 5.5l4.5 4.5',
  down: 'M3.5 6L8 10.5 12.5 6',
  list: 'M2.5 3h4v4h-4ZM9.5 3h4v4h-4ZM2.5 9.5h4v4h-4ZM9.5 9.5h4v4h-4Z',
  room: 'M4 14V2.5h8V14M2 14h12M9.5 8v.5',
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

const WIDTH = 96;
const HEIGHT = 20;

/** The course of a rate, drawn to fill its width; the newest value is on the right. */
export function Sparkline({ values, length }: { values: readonly number[]; length: number }) {
  const shown = values.slice(-length);
  const top = Math.max(...shown, 0.001) * 1.1;
  const x = (i: number) => WIDTH - ((shown.length - 1 - i) * WIDTH) / (length - 1);
  const line = shown
    .map((v, i) => `${x(i).toFixed(1)} ${(HEIGHT - 1 - (v / top) * (HEIGHT - 2)).toFixed(1)}`)
    .join('L');
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {shown.length > 1 && <path class="area" d={`M${line}L${WIDTH} ${HEIGHT}L${x(0).toFixed(1)} ${HEIGHT}Z`} />}
      {shown.length > 1 && <path class="line" d={`M${line}`} />}
    </svg>
  );
}
