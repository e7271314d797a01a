// What an event tells about a room: values with units, and whether there is an alarm.
import type { CloudEvent } from '../api';
import { humanise, labelOf, typeWords, unitOf } from './words';

/** One value that a sensor has told. */
export interface Reading {
  /** Where it is in the data, which is what its course goes by. */
  name: string;
  label: string;
  value: number | string | boolean;
  unit: string;
}

/** More values than these are not for a phone. */
export const READINGS = 12;
const TEXT = 60;
const DEPTH = 3;

type Members = Record<string, unknown>;

const isMembers = (value: unknown): value is Members =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** An event's data; what came without a type, as from a small device, is read as what it looks like. */
export function dataOf(event: CloudEvent): unknown {
  if (event.data !== undefined) return typeof event.data === 'string' ? read(event.data) : event.data;
  if (typeof event.data_base64 !== 'string') return undefined;
  try {
    const bytes = Uint8Array.from(atob(event.data_base64), (c) => c.charCodeAt(0));
    return read(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function read(text: string): unknown {
  const trimmed = text.trim();
  if (!/^(?:[{[]|-?\d|true$|false$)/.test(trimmed)) return trimmed;
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return trimmed;
  }
}

/** The values in an event of the sensor that is called so, in their order. */
export function readingsOf(event: CloudEvent, sensor: string): Reading[] {
  const found: Reading[] = [];
  const collect = (value: unknown, path: readonly string[], code: unknown): void => {
    if (value === null || value === undefined || value === '' || found.length >= READINGS) return;
    if (!isMembers(value)) {
      found.push(reading(value, path, code, sensor));
    } else if ('value' in value && !isMembers(value['value'])) {
      collect(value['value'], path, value['unit']);
    } else if (path.length < DEPTH) {
      for (const [name, inner] of Object.entries(value)) collect(inner, [...path, name], undefined);
    }
  };
  collect(dataOf(event), [], undefined);
  return found;
}

function reading(value: unknown, path: readonly string[], code: unknown, sensor: string): Reading {
  const named = path.length === 0 ? { label: humanise(sensor), unit: '' } : labelOf(path.at(-1)!, sensor);
  return {
    name: path.join('.'),
    label: path.length > 1 ? `${humanise(path.at(-2)!)} ${named.label.toLowerCase()}` : named.label,
    value: plain(value),
    unit: typeof code === 'string' ? unitOf(code) : named.unit,
  };
}

function plain(value: unknown): number | string | boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.length === 1 ? '1 entry' : `${value.length} entries`;
  const text = String(value);
  return text.length > TEXT ? `${text.slice(0, TEXT)}…` : text;
}

/** Whether an event says that there is an alarm, or that there is none (any more); null if it says nothing of one. */
export function alarmIn(event: CloudEvent): boolean | null {
  const data = dataOf(event);
  const told = isMembers(data) ? data['alarm'] : undefined;
  const value = isMembers(told) ? told['value'] : told;
  if (typeof value === 'boolean') return value;
  if (!/\balarm\b/i.test(event.type)) return null;
  return !/\b(cleared|ended|reset|resolved|off)\b/i.test(event.type);
}

/** Whether a text says that the device behind it is gone, as its last will does. */
export const saysOffline = (value: unknown) =>
  typeof value === 'string' && /^(offline|lost|disconnected|unavailable|down)$/i.test(value);

/** Whether a job's event comes from this place: its source is the context or below it. */
export function concerns(event: CloudEvent, context: string): boolean {
  const source = event.source.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '');
  return source === context || source.startsWith(context === '/' ? '/' : `${context}/`);
}

/** What a job is about, in few words. */
export const jobWords = (event: CloudEvent) => {
  const subject = typeof event['subject'] === 'string' && !event['subject'].startsWith('/') ? event['subject'] : '';
  return typeWords(event.type) + (subject && `, ${subject}`);
};
