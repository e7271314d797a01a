// The events of the selected context as they pass, newest at the top.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { observeNumbers } from '../tree/nodes';
import { beat } from '../connection';
import * as format from '../format';
import { below, go, linkTo, selected } from '../location';
import { Icon } from '../ui/icons';
import { reveal, VirtualRows } from '../ui/VirtualRows';
import { EventDetail } from './EventDetail';
import {
  cutOff,
  following,
  followRate,
  held,
  hold,
  kept,
  opened,
  paused,
  received,
  release,
  setPaused,
  shown,
  waitingCount,
  type ShownEvent,
} from './follow';

const ROW_HEIGHT = 25;

export function EventPane() {
  return (
    <section class="pane event-pane" aria-label="Events">
      <div class="pane-tools">
        <Path />
        <RoomLink />
        <div class="segmented" role="group" aria-label="Which events">
          <button
            type="button"
            aria-pressed={!below.value}
            disabled={selected.value === '/'}
            onClick={() => (below.value = false)}
          >
            This context
          </button>
          <button
            type="button"
            aria-pressed={below.value || selected.value === '/'}
            onClick={() => (below.value = true)}
          >
            And below
          </button>
        </div>
        <button
          type="button"
          class="tool pause"
          aria-pressed={paused.value}
          title="Pause (space)"
          onClick={() => setPaused(!paused.value)}
        >
          <Icon name={paused.value ? 'play' : 'pause'} />
          {paused.value ? 'Go on' : 'Pause'}
        </button>
      </div>
      <Events />
      <Note />
      <EventDetail />
    </section>
  );
}

/** The selected context, each part of it a way up. */
function Path() {
  const names = selected.value === '/' ? [] : selected.value.slice(1).split('/');
  return (
    <nav class="path" aria-label="Selected context" title={selected.value}>
      <span class="path-inner">
        <button type="button" onClick={() => (selected.value = '/')}>
          {names.length === 0 ? 'All contexts' : '/'}
        </button>
        {names.map((name, i) => (
          <span key={i}>
            {i > 0 && <span class="slash">/</span>}
            <button
              type="button"
              aria-current={i === names.length - 1 ? 'location' : undefined}
              onClick={() => (selected.value = `/${names.slice(0, i + 1).join('/')}`)}
            >
              {name || '(empty)'}
            </button>
          </span>
        ))}
      </span>
    </nav>
  );
}

/** Shows the selected context as a technician sees it who stands there with a phone. */
function RoomLink() {
  const context = selected.value;
  return (
    <a
      class="tool room-link"
      href={linkTo('room', context)}
      title="Room view: what is here now, made for a phone"
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go('room', context);
      }}
    >
      <Icon name="room" />
      <span>Room view</span>
    </a>
  );
}

function Events() {
  const container = useRef<HTMLDivElement>(null);
  const events = shown.value;
  const newest = events.at(-1)?.key;
  const before = useRef<string | undefined>(undefined);
  const index = opened.value ? events.length - 1 - events.findIndex((event) => event.key === opened.value!.key) : -1;
  const activeIndex = index >= events.length ? -1 : index;

  useLayoutEffect(() => {
    // Who has scrolled down keeps the rows where they are while new ones come in above.
    const element = container.current;
    const old = events.findLastIndex((event) => event.key === before.current);
    before.current = newest;
    if (element && element.scrollTop > 0 && old >= 0) element.scrollTop += (events.length - 1 - old) * ROW_HEIGHT;
  }, [newest]);

  // Not every browser tells a list that goes away under the pointer that this has left it.
  useEffect(() => release, []);

  const open = (event: ShownEvent | undefined) => event && (opened.value = event);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity, PageDown: 10, PageUp: -10 }[event.key];
    if (event.key === 'Escape') opened.value = null;
    if (step === undefined || events.length === 0) return;
    event.preventDefault();
    const target = Math.max(0, Math.min(events.length - 1, activeIndex + step));
    open(events[events.length - 1 - target]);
    reveal(container.current, target, ROW_HEIGHT);
  };
  return (
    <>
      <div class="columns event-columns" aria-hidden="true">
        <span>Recorded</span>
        <span>Context</span>
        <span>Type</span>
        <span>Data</span>
      </div>
      <VirtualRows
        container={container}
        class="events"
        role="listbox"
        aria-label="Events, newest first"
        tabIndex={0}
        aria-activedescendant={activeIndex >= 0 ? `event-${activeIndex}` : undefined}
        onKeyDown={onKeyDown}
        onPointerMove={hold}
        onPointerLeave={release}
        count={events.length}
        rowHeight={ROW_HEIGHT}
        row={(i) => {
          const event = events[events.length - 1 - i];
          return event ? (
            <EventRow event={event} index={i} from={selected.value} active={i === activeIndex} onOpen={open} />
          ) : null;
        }}
      />
    </>
  );
}

interface EventRowProps {
  event: ShownEvent;
  index: number;
  /** The context that is looked at, which the others are told from. */
  from: string;
  active: boolean;
  onOpen: (event: ShownEvent) => void;
}

export function EventRow({ event, index, from, active, onOpen }: EventRowProps) {
  const { context, event: attributes } = event.envelope;
  return (
    <div
      id={`event-${index}`}
      role="option"
      aria-selected={active}
      class={`event-row${active ? ' active' : ''}`}
      data-key={event.key}
      // The row may have moved on before the button comes up again.
      onPointerDown={(pointer) => pointer.button === 0 && onOpen(event)}
      onClick={(click) => click.detail === 0 && onOpen(event)}
    >
      <span class="col-time">{format.timeOfDay(event.time)}</span>
      <span class="col-context" title={context}>
        <bdi>{relative(context, from)}</bdi>
      </span>
      <span class="col-type" title={attributes.type}>
        <bdi>{attributes.type}</bdi>
      </span>
      <span class="col-data">{event.preview}</span>
    </div>
  );
}

function relative(context: string, from: string): string {
  if (context === from) return '·';
  return from !== '/' && context.startsWith(`${from}/`) ? context.slice(from.length + 1) : context;
}

function Note() {
  observeNumbers();
  beat.value;
  const count = shown.value.length;
  const all = received.value;
  const sampled = kept.value < all - waitingCount.value;
  return (
    <p class="pane-foot event-note" role="status" aria-live="off">
      <span class={`follow-state ${paused.value ? 'paused' : following.value}`}>
        {paused.value
          ? 'paused'
          : following.value === 'live'
            ? 'live'
            : following.value === 'broken'
              ? 'reconnecting'
              : 'connecting'}
      </span>
      <span>
        <b>{format.count(count)}</b> of <b>{format.count(all)}</b> shown
        {sampled && ', a sample: more come than can be read'}
      </span>
      {paused.value && <span class="waiting">{format.count(waitingCount.value)} since the pause</span>}
      {!paused.value && held.value && waitingCount.value > 0 && (
        <span class="waiting">{format.count(waitingCount.value)} new, shown when the pointer leaves the list</span>
      )}
      {cutOff.value && (
        <span class="warn">the server went on without this reader for a moment; some events are missing</span>
      )}
      <span class="rate">{format.rate(followRate.value) || '0'} events/s</span>
    </p>
  );
}
