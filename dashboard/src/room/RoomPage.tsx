// One place, live, on a phone: what a technician sees who stands in it.
import './room.css';
import { useEffect, useMemo } from 'preact/hooks';
import { health } from '../connection';
import * as format from '../format';
import { item, linkTo, showContext } from '../location';
import { Problem } from '../ui/Ask';
import { Icon } from '../ui/icons';
import { isDark, toggleTheme } from '../ui/theme';
import { Alerts } from './Alerts';
import { Card } from './Card';
import { Live } from './live';
import { GoTo, PlaceBar } from './PlaceBar';
import { grouped } from './sensors';
import { humanise, placeName, whereabouts } from './words';

export function RoomPage() {
  const context = item.value || '/';
  // The bar stays while one goes from room to room, and with it the focus.
  return (
    <section class="room" aria-label={placeName(context)}>
      <Room key={context} context={context} />
      <PlaceBar context={context} />
    </section>
  );
}

function Room({ context }: { context: string }) {
  const live = useMemo(() => new Live(context), [context]);
  useEffect(() => {
    const title = document.title;
    document.title = `${placeName(context)} · Millrace`;
    return () => {
      document.title = title;
      live.close();
    };
  }, [live]);
  return (
    <>
      <Head live={live} />
      <div class="room-body">
        <Alerts live={live} />
        {live.problem.value !== null && <Problem error={live.problem.value} />}
        {live.tooMany.value > 0 ? <Inner live={live} /> : <Cards live={live} />}
      </div>
    </>
  );
}

function Head({ live }: { live: Live }) {
  const { context } = live;
  return (
    <header class="room-head">
      <a
        class="room-button"
        href={linkTo('contexts')}
        aria-label="Back to the contexts"
        title="Back to the contexts (Esc)"
        onClick={(event) => {
          event.preventDefault();
          showContext(context);
        }}
      >
        <Icon name="back" />
      </a>
      <div class="room-title">
        <h1>{placeName(context)}</h1>
        <p title={context}>{whereabouts(context) || context}</p>
      </div>
      <Connection live={live} />
      <button
        type="button"
        class="room-button"
        aria-label={isDark() ? 'Use the light theme' : 'Use the dark theme'}
        onClick={toggleTheme}
      >
        <Icon name={isDark() ? 'sun' : 'moon'} />
      </button>
    </header>
  );
}

const STATES = { loading: 'Connecting', live: 'Live', broken: 'No connection' };

/** How it is connected; two lines that are always there, so that nothing moves when they change. */
function Connection({ live }: { live: Live }) {
  live.now.value;
  const state = live.state.value;
  const degraded = state === 'live' && health.value?.status === 'degraded';
  return (
    <p class={`room-state ${state}`} role="status" aria-live="off">
      <b>{degraded ? 'Live, degraded' : STATES[state]}</b>
      <span>
        {state === 'broken'
          ? `for ${format.age(Math.max(1000, Date.now() - live.since.value))}, retrying`
          : live.word.value || (state === 'live' ? heard(live) : ' ')}
      </span>
    </p>
  );
}

function heard({ sensors, now }: Live): string {
  const newest = Math.max(0, ...sensors.value.map((sensor) => sensor.at));
  return newest === 0 ? 'nothing yet' : `heard ${ago(now.value - newest)}`;
}

const ago = (milliseconds: number) => (milliseconds < 1000 ? 'now' : `${format.age(milliseconds)} ago`);

function Cards({ live }: { live: Live }) {
  const sensors = live.sensors.value;
  const groups = useMemo(() => grouped(sensors, live.context), [sensors]);
  if (sensors.length === 0) {
    return live.state.value === 'loading' ? null : (
      <div class="room-none">
        <p>Nothing has been heard from here yet. What comes is shown at once.</p>
        {live.children.value.length > 0 && <Inner live={live} />}
      </div>
    );
  }
  // A place with one group says by its name what it is.
  const headed = groups.length > 1;
  return (
    <>
      {groups.map(({ heading, place, sensors: inside }) => (
        <section key={heading} class="room-group" aria-label={heading || placeName(live.context)}>
          {headed && heading && (
            <h2>
              {place === null ? (
                heading
              ) : (
                <GoTo context={place}>
                  {heading}
                  <Icon name="right" />
                </GoTo>
              )}
            </h2>
          )}
          <div class="room-cards">
            {inside.map((sensor) => (
              <Card key={sensor.context} sensor={sensor} now={live.now} />
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

/** The places inside one that has too many sensors to show them. */
function Inner({ live }: { live: Live }) {
  const count = live.tooMany.value;
  const children = [...live.children.value].sort((a, b) => collator.compare(a.name, b.name));
  return (
    <section class="room-group" aria-label="Places inside">
      {count > 0 && (
        <p class="room-hint">{format.count(count)} contexts are in here, too many to show all. Choose where to go:</p>
      )}
      <ul class="room-inner">
        {children.map((child) => (
          <li key={child.context}>
            <GoTo context={child.context}>
              <span>{humanise(child.name)}</span>
              <small>{format.count(child.contexts)}</small>
            </GoTo>
          </li>
        ))}
      </ul>
    </section>
  );
}

const collator = new Intl.Collator('en', { numeric: true });
