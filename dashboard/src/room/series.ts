// The course of a number over the last minutes.

export const WINDOW_MS = 600_000;
/** Enough for a line a few centimetres wide. */
const POINTS = 240;
const DECIMALS = 2;

export interface Point {
  /** Milliseconds since 1970. */
  at: number;
  value: number;
}

export class Series {
  readonly points: Point[] = [];
  /** Decimals that were seen, at most two: with as many the number keeps its place. */
  decimals = 0;

  /** Takes a value in; what comes late is put where it belongs. */
  add(at: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const points = this.points;
    let place = points.length;
    while (place > 0 && points[place - 1]!.at > at) place--;
    points.splice(place, 0, { at, value });
    // One point from before the window stays: the line begins at the edge.
    while (points.length > 1 && (points.length > POINTS || points[1]!.at < points.at(-1)!.at - WINDOW_MS))
      points.shift();
    this.decimals = Math.max(this.decimals, decimalsOf(value));
  }
}

function decimalsOf(value: number): number {
  const [, behind = ''] = String(value).split('.');
  return /e/.test(behind) ? DECIMALS : Math.min(DECIMALS, behind.length);
}

/** A number with so many decimals, fewer where it is large anyway: `21.30`, `543`, `12,400`. */
export function numeral(value: number, decimals: number): string {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 0.001)) return value.toPrecision(3);
  const shown = size >= 10_000 ? 0 : size >= 1000 ? Math.min(1, decimals) : decimals;
  return value.toLocaleString('en-US', { minimumFractionDigits: shown, maximumFractionDigits: shown });
}

/** The least and the greatest value of the window that ends at `now`; null if there are no two points in it. */
export function range(points: readonly Point[], now: number): { low: number; high: number } | null {
  let low = Infinity;
  let high = -Infinity;
  let count = 0;
  for (const { at, value } of points) {
    if (at < now - WINDOW_MS) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    count++;
  }
  return count < 2 ? null : { low, high };
}

export interface Box {
  width: number;
  height: number;
}

/** The line of the last minutes as an SVG path within the box; empty with fewer than two points. */
export function course(points: readonly Point[], now: number, { width, height }: Box): string {
  const between = range(points, now);
  if (!between) return '';
  const { low, high } = between;
  // What hardly changes is drawn as hardly changing, in the middle.
  const span = Math.max(high - low, Math.abs(high) * 0.08, 1e-9);
  const middle = (high + low) / 2;
  const x = (at: number) => width * (1 - (now - at) / WINDOW_MS);
  const y = (value: number) => 1.5 + (height - 3) * (0.5 - (value - middle) / span);
  return points
    .filter(({ at }) => at >= now - WINDOW_MS)
    .map(({ at, value }, i) => `${i === 0 ? 'M' : 'L'}${Math.min(width, x(at)).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
}

const UNKNOWN_PACE_MS = 600_000;
const GRACE_MS = 5000;

/** From when on what was heard last is stale: three times the usual pause without a word, or ten minutes if there is none. */
export function staleAfter(heard: readonly number[]): number {
  const pauses = heard.slice(1).map((at, i) => at - heard[i]!);
  if (pauses.length < 2) return UNKNOWN_PACE_MS;
  pauses.sort((a, b) => a - b);
  return 3 * pauses[Math.floor(pauses.length / 2)]! + GRACE_MS;
}
