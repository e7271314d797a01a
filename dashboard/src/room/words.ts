// How names of contexts, members and units are said to people.

const KNOWN: Record<string, string> = {
  co2: 'CO₂',
  co: 'CO',
  nox: 'NOₓ',
  pm25: 'PM2.5',
  pm10: 'PM10',
  voc: 'VOC',
  tvoc: 'TVOC',
  hvac: 'HVAC',
  rssi: 'RSSI',
  uv: 'UV',
  id: 'ID',
};

/** A technical name as words: `fanSpeed_max` is `Fan speed max`, `co2` is `CO₂`. */
export function humanise(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .filter(Boolean)
    .map((word) => KNOWN[word.toLowerCase()] ?? (/^[A-Z\d]{2,}$/.test(word) ? word : word.toLowerCase()));
  const text = words.join(' ');
  return text === '' ? '(empty)' : text[0]!.toUpperCase() + text.slice(1);
}

const UNITS: Record<string, string> = {
  Cel: '°C',
  '[degF]': '°F',
  deg: '°',
  Ohm: 'Ω',
  '[ppth]': '‰',
  ar: 'a',
};

/** A UCUM code as it is read: `Cel` is `°C`, `[ppm]` is `ppm`, `ug/m3` is `µg/m³`; `{person}` only says what is counted. */
export const unitOf = (code: string): string =>
  UNITS[code] ??
  code
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[([^\]]*)\]/g, '$1')
    .replace(/\bu(?=[a-zA-Z])/g, 'µ')
    .replace(/(?<=[a-zA-Z])2\b/g, '²')
    .replace(/(?<=[a-zA-Z])3\b/g, '³')
    .replace(/\*/g, '');

/** Members that are called by their unit, with what is measured in it; nothing where their sensor says that. */
const NAMED_BY_UNIT: Record<string, [label: string, unit: string]> = {
  celsius: ['Temperature', '°C'],
  fahrenheit: ['Temperature', '°F'],
  ppm: ['', 'ppm'],
  ppb: ['', 'ppb'],
  percent: ['', '%'],
  lux: ['Light', 'lx'],
  watts: ['Power', 'W'],
  volts: ['Voltage', 'V'],
};

/** What a member of an event's data is called, and its unit if the name tells it; `sensor` is the context's own name. */
export function labelOf(member: string, sensor: string): { label: string; unit: string } {
  const [label, unit] = NAMED_BY_UNIT[member.toLowerCase()] ?? [humanise(member), ''];
  return { label: label || humanise(sensor), unit };
}

/** What an event's type says behind the organisation that made it up, in at most three words. */
export function typeWords(type: string): string {
  const parts = type.split('.').filter(Boolean);
  const reversedDomain = parts.length > 2 && /^[a-z]{2,4}$/.test(parts[0]!);
  return humanise((reversedDomain ? parts.slice(2) : parts).slice(-3).join(' '));
}

export const segmentsOf = (context: string): string[] => (context === '/' ? [] : context.slice(1).split('/'));

export const pathOf = (segments: readonly string[]): string => `/${segments.join('/')}`;

/** A segment and the one before it that says what it is: `room`, `4` is `Room 4`; `site`, `berlin` is `Site Berlin`. */
const pair = (kind: string, name: string) => `${humanise(kind)} ${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

/** Whether a context is made of pairs, as `/site/berlin/room/4` is. */
const isPaired = (segments: readonly string[]) => segments.length > 1 && segments.length % 2 === 0;

/** What the end of a context is called: `Room 4`, or `Boiler` where it is no pair. */
export function placeName(context: string): string {
  const segments = segmentsOf(context);
  const last = segments.at(-1);
  if (last === undefined) return 'Everywhere';
  return isPaired(segments) ? pair(segments.at(-2)!, last) : humanise(last);
}

/** Where it is, from near to far: `Unit J · Floor 3 · Building 41`. */
export function whereabouts(context: string): string {
  const segments = segmentsOf(context);
  const names: string[] = [];
  if (isPaired(segments))
    for (let i = segments.length - 4; i >= 0; i -= 2) names.push(pair(segments[i]!, segments[i + 1]!));
  else for (let i = segments.length - 2; i >= 0; i--) names.push(humanise(segments[i]!));
  return names.slice(0, 3).join(' · ');
}
