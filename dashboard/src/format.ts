// How numbers, times and sizes look. Everything here keeps to few characters, for columns of a fixed width.

const integers = new Intl.NumberFormat('en-US');

export const count = (value: number) => integers.format(value);

/** Events a second: `0.3`, `12`, `4,980`, `18.2k`; an empty text if there are practically none. */
export function rate(value: number | null): string {
  if (value === null || value < 0.05) return '';
  if (value < 9.95) return value.toFixed(1);
  if (value < 9999.5) return integers.format(Math.round(value));
  return value < 999_950 ? `${(value / 1000).toFixed(1)}k` : `${(value / 1e6).toFixed(2)}M`;
}

/** How long ago: `now`, `12 s`, `5 min`, `3 h`, `12 d`. */
export function age(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

const two = (n: number) => String(n).padStart(2, '0');

/** A time in full, local: `2026-03-01 12:00:00`; a dash if there is none. */
export function moment(time: string | null | undefined): string {
  if (!time) return '–';
  const t = new Date(time);
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${timeOfDay(t.getTime()).slice(0, 8)}`;
}

/** A time as fields for local times take it. */
export const localInput = (milliseconds: number) => moment(new Date(milliseconds).toISOString()).replace(' ', 'T');

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

export function bytes(value: number): string {
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Local time of day with milliseconds. */
export function timeOfDay(milliseconds: number): string {
  const t = new Date(milliseconds);
  const clock = `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
  return `${clock}.${String(t.getMilliseconds()).padStart(3, '0')}`;
}

/** What a stream keeps, whatever fields its document has: `7d`, `7d, 10GiB`, `compact`. */
export function retention(value: unknown): string {
  if (value === undefined || value === null) return 'forever';
  if (typeof value !== 'object') return String(value);
  const limits = Object.entries(value).filter(([key, v]) => !(key === 'size' && v === 'unlimited'));
  const parts = limits.map(([key, v]) => (key === 'time' || key === 'size' ? String(v) : `${key} ${v}`));
  return parts.length > 0 ? parts.join(', ') : 'forever';
}

const numbers = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 5 });
const largeNumbers = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** Any number, short: `0.25`, `21.84`, `1.2M`. */
export const number = (value: number) => (Math.abs(value) < 100_000 ? numbers : largeNumbers).format(value);
