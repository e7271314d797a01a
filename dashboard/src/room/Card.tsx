// What one context told last, with its course and its age.
import type { ReadonlySignal } from '@preact/signals';
import * as format from '../format';
import type { Sensor, Told } from './sensors';
import { course, numeral, range, WINDOW_MS } from './series';
import { humanise } from './words';

const BOX = { width: 120, height: 36 };

interface CardProps {
  sensor: Sensor;
  now: ReadonlySignal<number>;
}

export function Card({ sensor, now: { value: now } }: CardProps) {
  sensor.changed.value;
  const { alarm, isOffline } = sensor;
  const stale = sensor.isStale(now);
  // Whether there is an alarm is said by the whole card.
  const told = [...sensor.told.values()].filter(({ name }) => !/^alarm(\.value)?$/i.test(name));
  return (
    <article
      class={`card${alarm ? ' alarm' : ''}${stale ? ' stale' : ''}${isOffline ? ' offline' : ''}`}
      data-context={sensor.context}
      aria-label={humanise(sensor.name)}
    >
      <header>
        <h3>{humanise(sensor.name)}</h3>
        {alarm && <span class="card-mark">Alarm</span>}
        <time dateTime={new Date(sensor.at).toISOString()} class="card-age">
          {stale && <b>stale · </b>}
          {age(now - sensor.at)}
        </time>
      </header>
      {told.map((each) => (
        <Value key={each.name} told={each} now={now} isOld={!stale && sensor.at - each.at > OLD_MS} />
      ))}
      {told.length === 0 && <p class="card-none">{alarm ? 'says that there is an alarm' : 'no values'}</p>}
    </article>
  );
}

/** A value that its sensor has not repeated for so long says its own age. */
const OLD_MS = 120_000;

const age = (milliseconds: number) => (milliseconds < 1000 ? 'now' : `${format.age(milliseconds)} ago`);

function Value({ told, now, isOld }: { told: Told; now: number; isOld: boolean }) {
  const { label, value, unit, series } = told;
  const isNumber = typeof value === 'number';
  return (
    <div class={`value${isNumber ? '' : ' word'}`} data-name={told.name}>
      {(told.name !== '' || isOld) && (
        <span class="value-label">
          {told.name !== '' && label}
          {isOld && <i> {age(now - told.at)}</i>}
        </span>
      )}
      <span class="value-now">
        <b>{isNumber ? numeral(value, series?.decimals ?? 0) : said(value)}</b>
        {unit && <small> {unit}</small>}
      </span>
      {isNumber && series && <Course told={told} now={now} />}
    </div>
  );
}

const said = (value: string | number | boolean) =>
  typeof value === 'boolean' ? (value ? 'Yes' : 'No') : String(value);

function Course({ told, now }: { told: Told; now: number }) {
  const { points, decimals } = told.series!;
  const between = range(points, now);
  const { width, height } = BOX;
  const line = course(points, now, BOX);
  const minutes = WINDOW_MS / 60_000;
  return (
    <svg
      class="course"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={
        between
          ? `${told.label}, last ${minutes} minutes: ${numeral(between.low, decimals)} to ${numeral(between.high, decimals)}`
          : `${told.label}: no course yet`
      }
    >
      {line && <path d={line} />}
    </svg>
  );
}
