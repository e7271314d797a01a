// What an event's data is and how it is shown.
import type { Envelope } from '../api';
import { member, pretty, textOf, type Token } from './json';

export type Payload =
  | { kind: 'none' }
  | { kind: 'json'; bytes: number; tokens: Token[] }
  | { kind: 'text'; bytes: number; text: string; cut: boolean }
  | { kind: 'binary'; bytes: number; text: string; cut: boolean };

const COLOURED_LIMIT = 32_000;
const TEXT_LIMIT = 500_000;
const HEX_LIMIT = 16_384;

const isJson = (type: string) => /^(application|text)\/json\b|\+json\b/i.test(type);
const NO_TEXT = /[\0-\x08\x0e-\x1f\x7f-\x9f]/;

export function payloadOf(envelope: Envelope, raw: string): Payload {
  const { event } = envelope;
  const type = event.datacontenttype ?? 'application/json';
  if (typeof event.data_base64 === 'string') return fromBytes(decodeBase64(event.data_base64), type);
  if (!('data' in event)) return { kind: 'none' };
  if (typeof event.data === 'string' && !isJson(type)) return textual(event.data);
  return fromJson(member(member(raw, 'event') ?? '{}', 'data') ?? '');
}

/** Text is shown as what it is, whatever its type says: records of Kafka's producers mostly have none. */
function fromBytes(data: Uint8Array, type: string): Payload {
  const text = decodeText(data);
  if (text === null)
    return { kind: 'binary', bytes: data.length, text: hex(data.subarray(0, HEX_LIMIT)), cut: data.length > HEX_LIMIT };
  return (isJson(type) || !type.startsWith('text/')) && isValidJson(text) ? fromJson(text) : textual(text);
}

/** Null if it is none; a character that is cut off at the end of a part is left out. */
function decodeText(data: Uint8Array, isPart = false): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data, { stream: isPart });
    return NO_TEXT.test(text) ? null : text;
  } catch {
    return null;
  }
}

function isValidJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function fromJson(text: string): Payload {
  const bytes = byteLength(text);
  const tokens = pretty(text);
  if (text.length <= COLOURED_LIMIT) return { kind: 'json', bytes, tokens };
  return { ...textual(textOf(tokens)), bytes } as Payload;
}

function textual(text: string): Payload {
  return { kind: 'text', bytes: byteLength(text), text: text.slice(0, TEXT_LIMIT), cut: text.length > TEXT_LIMIT };
}

const byteLength = (text: string) => new TextEncoder().encode(text).length;

function decodeBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    return new TextEncoder().encode(text);
  }
}

/** Sixteen bytes a line: offset, hexadecimal, and what is printable. */
export function hex(data: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < data.length; at += 16) {
    const slice = [...data.subarray(at, at + 16)];
    const codes = slice.map((b) => b.toString(16).padStart(2, '0'));
    const left = codes.slice(0, 8).join(' ').padEnd(23);
    const right = codes.slice(8).join(' ').padEnd(23);
    const printable = slice.map((b) => (b > 31 && b < 127 ? String.fromCharCode(b) : '·')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${left}  ${right}  ${printable}`);
  }
  return lines.join('\n');
}

/** One line of data for lists. */
export function previewOf({ event }: Envelope): string {
  if (typeof event.data === 'string') return event.data.slice(0, 160);
  if (event.data !== undefined) return JSON.stringify(event.data).slice(0, 160);
  if (typeof event.data_base64 !== 'string') return '';
  const text = decodeText(decodeBase64(event.data_base64.slice(0, 240)), true);
  if (text !== null) return text.slice(0, 160);
  const size = Math.floor((event.data_base64.replace(/=+$/, '').length * 3) / 4);
  return `${size} bytes of ${event.datacontenttype ?? 'data'}`;
}
