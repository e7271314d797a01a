// What comes before everything else: alarms, devices that are gone, jobs. One line, which is always there; more at a touch.
import { useSignal } from '@preact/signals';
import { lostSince } from '../connection';
import * as format from '../format';
import { linkTo } from '../location';
import { useAsked } from '../ui/asked';
import { Icon } from '../ui/icons';
import { jobsOf, type RoomJob } from './jobs';
import type { Live } from './live';
import type { Sensor } from './sensors';
import { numeral } from './series';
import { humanise, pathOf, placeName, segmentsOf } from './words';

const JOBS_EVERY_MS = 4000;

interface Alert {
  key: string;
  kind: 'alarm' | 'offline' | 'job';
  text: string;
  note: string;
  href?: string;
}

export function Alerts({ live }: { live: Live }) {
  const opened = useSignal(false);
  const jobs = useAsked(live.context, () => jobsOf(live.context), JOBS_EVERY_MS).value;
  const now = live.now.value;
  for (const sensor of live.sensors.value) sensor.changed.value;
  const alarms = live.sensors.value
    .filter((sensor) => sensor.alarm)
    .map((sensor) => alarmOf(sensor, live.context, now));
  const offline = live.sensors.value.filter((sensor) => sensor.isOffline).map(offlineOf);
  const alerts = [...alarms, ...offline, ...(jobs ?? []).map((job) => jobOf(job, now))];
  const first = alerts[0];
  // A job is a link, which the line itself is not.
  const more = first?.kind === 'job' ? alerts : alerts.slice(1);
  const kind = first?.kind ?? (live.state.value === 'live' && jobs ? 'calm' : 'unknown');
  return (
    <section class="alerts" data-kind={kind} aria-label="Alarms and jobs">
      <p class="unseen" aria-live="polite">
        {alarms.map(({ text }) => text).join('. ')}
      </p>
      <button
        type="button"
        class="alert-first"
        aria-expanded={more.length > 0 && opened.value}
        disabled={more.length === 0}
        onClick={() => (opened.value = !opened.value)}
      >
        <span class="alert-text">
          <b>{first ? first.text : kind === 'calm' ? 'No alarms, no jobs' : unknown(live)}</b>
          {first && <small>{first.note}</small>}
        </span>
        {alerts.length > 1 && <span class="alert-more">+{alerts.length - 1}</span>}
        {more.length > 0 && <Icon name="twisty" />}
      </button>
      {opened.value && more.length > 0 && (
        <ul>
          {more.map(({ key, kind, text, note, href }) => (
            <li key={key} data-kind={kind}>
              {href ? <a href={href}>{text}</a> : <span>{text}</span>}
              <small>{note}</small>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Nothing is known now, which is not the same as that all is well. */
const unknown = ({ state }: Live) =>
  lostSince.value !== null || state.value === 'broken' ? 'Alarms are not known without a connection' : ' ';

const clock = (time: number) => format.timeOfDay(time).slice(0, 5);

function alarmOf(sensor: Sensor, context: string, now: number): Alert {
  const { since, begun } = sensor.alarm!;
  const value = [...sensor.told.values()].find((told) => typeof told.value === 'number');
  const measured =
    value && `${value.label} ${numeral(value.value as number, value.series?.decimals ?? 0)} ${value.unit}`;
  const segments = segmentsOf(sensor.context);
  // Below a floor it matters in which of its rooms.
  const parent = pathOf(segments.slice(0, segments.length - (segments.length % 2 === 0 ? 2 : 1)));
  const where = segments.length - segmentsOf(context).length > 2 ? `, ${placeName(parent)}` : '';
  return {
    key: `alarm ${sensor.context}`,
    kind: 'alarm',
    text: `${humanise(sensor.name)} alarm${where}`,
    note: [measured?.trim(), `${begun ? 'since' : 'since before'} ${clock(since)}`, old(sensor, now)]
      .filter(Boolean)
      .join(' · '),
  };
}

const old = (sensor: Sensor, now: number) =>
  sensor.isStale(now) ? `last word ${format.age(now - sensor.at)} ago` : '';

function offlineOf(sensor: Sensor): Alert {
  const segments = segmentsOf(sensor.context);
  const device = /^(status|state)$/i.test(sensor.name) ? pathOf(segments.slice(0, -1)) : sensor.context;
  return {
    key: `offline ${sensor.context}`,
    kind: 'offline',
    text: `${placeName(device)} is offline`,
    note: `since ${clock(sensor.at)} · its values are from before`,
  };
}

function jobOf({ key, queue, words, state, since }: RoomJob, now: number): Alert {
  const stage = state === 'leased' ? 'in work' : state === 'ready' ? 'waiting' : state;
  return {
    key: `job ${key}`,
    kind: 'job',
    text: `Job: ${words}`,
    note: `${stage} · ${queue} · ${format.age(now - since)} old`,
    href: linkTo('queues', queue),
  };
}
