// The contexts below a place with what they told last. No connection, no clock: events come in, cards are made of it.
import { signal } from '@preact/signals';
import type { Envelope } from '../api';
import { alarmIn, readingsOf, READINGS, saysOffline, type Reading } from './readings';
import { Series, staleAfter } from './series';
import { humanise, pathOf, placeName, segmentsOf } from './words';

const HEARD = 9;
const TOGETHER_MS = 150;
const ALARMS = 60;
const SEEN = 1000;

export interface Told extends Reading {
  /** When it was recorded, by the server's clock in milliseconds. */
  at: number;
  series: Series | null;
}

export interface Alarm {
  since: number;
  /** Whether it is known that it began then, rather than that it was there when this page began to look. */
  begun: boolean;
}

/** One context and what it told; it belongs to the page's only thread. */
export class Sensor {
  /** Rises with each event. */
  readonly changed = signal(0);
  readonly told = new Map<string, Told>();
  /** When the newest event was recorded; 0 before there is one. */
  at = 0;
  #heard: number[] = [];
  /** What was said of alarms, oldest first. */
  #alarms: { at: number; alarm: boolean }[] = [];
  readonly #seen = new Set<string>();

  constructor(readonly context: string) {}

  get name(): string {
    return segmentsOf(this.context).at(-1) ?? '';
  }

  /** Takes an event over, in whatever order they come; returns whether it is new here. */
  take({ stream, partition, offset, recorded, event }: Envelope): boolean {
    const key = `${stream}/${partition}/${offset}/${recorded}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    if (this.#seen.size > SEEN) this.#seen.delete(this.#seen.values().next().value!);
    const at = Date.parse(recorded);
    this.at = Math.max(this.at, at);
    // What comes together is one word.
    if (!this.#heard.some((time) => Math.abs(time - at) < TOGETHER_MS))
      this.#heard = inOrder([...this.#heard, at], (time) => time).slice(-HEARD);
    for (const reading of readingsOf(event, this.name)) this.#tell(reading, at);
    const alarm = alarmIn(event);
    if (alarm !== null) this.#alarms = inOrder([...this.#alarms, { at, alarm }], (each) => each.at).slice(-ALARMS);
    this.changed.value++;
    return true;
  }

  #tell(reading: Reading, at: number): void {
    const before = this.told.get(reading.name);
    if (!before && this.told.size >= READINGS) return;
    const isNumber = typeof reading.value === 'number';
    const series = before?.series ?? (isNumber ? new Series() : null);
    if (isNumber) series!.add(at, reading.value as number);
    const newest = before && before.at > at ? before : { ...reading, at };
    this.told.set(reading.name, { ...newest, series });
  }

  /** The alarm that was raised and not cleared since. */
  get alarm(): Alarm | null {
    const calm = this.#alarms.findLastIndex(({ alarm }) => !alarm);
    const first = this.#alarms[calm + 1];
    return first ? { since: first.at, begun: calm >= 0 } : null;
  }

  /** Whether nothing was heard for longer than usual. */
  isStale(now: number): boolean {
    return now - this.at > staleAfter(this.#heard);
  }

  /** Whether it says that the device behind it is gone, which a last will says for one that cannot. */
  get isOffline(): boolean {
    return [...this.told.values()].some(
      ({ name, value }) => /(^|\.)(status|state|)$/i.test(name) && saysOffline(value),
    );
  }
}

function inOrder<T>(all: T[], time: (each: T) => number): T[] {
  return all.sort((a, b) => time(a) - time(b));
}

const collator = new Intl.Collator('en', { numeric: true });

/** Sensors that hang together, under a heading: those directly in the place have none. */
export interface Group {
  heading: string;
  /** The place that the heading names, where it names one that can be gone to. */
  place: string | null;
  sensors: Sensor[];
}

/** The sensors of a place by what they are part of, in the order of their names, which does not change. */
export function grouped(sensors: readonly Sensor[], context: string): Group[] {
  const above = segmentsOf(context).length;
  const groups = new Map<string, Group>();
  for (const sensor of [...sensors].sort((a, b) => collator.compare(a.context, b.context))) {
    const path = segmentsOf(sensor.context).slice(above, -1);
    const told = headingOf(context, path);
    let group = groups.get(told.heading);
    if (!group) groups.set(told.heading, (group = { ...told, sensors: [] }));
    group.sensors.push(sensor);
  }
  return [...groups.values()];
}

/** `unit/j/room/4/sensors` is `Unit J · Room 4`: what is behind the pairs only says that these are sensors. */
function headingOf(context: string, path: readonly string[]): Omit<Group, 'sensors'> {
  const above = segmentsOf(context);
  // Pairs begin at the root.
  const paired = above.length % 2 === 0 ? path.length - (path.length % 2) : 0;
  if (paired === 0) return { heading: path.map(humanise).join(' · '), place: null };
  const names: string[] = [];
  for (let i = 2; i <= paired; i += 2) names.push(placeName(pathOf([...above, ...path.slice(0, i)])));
  return { heading: names.join(' · '), place: pathOf([...above, ...path.slice(0, paired)]) };
}
