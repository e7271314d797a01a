// The events that a query gives out, as they come, and a number in them over time.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { EventWhole } from '../events/EventDetail';
import { EventRow } from '../events/EventPane';
import type { ShownEvent } from '../events/follow';
import { useRecent } from '../events/recent';
import * as format from '../format';
import { reveal, VirtualRows } from '../ui/VirtualRows';
import { NumberChart } from './NumberChart';

const ROW_HEIGHT = 25;
const STATES = { connecting: 'connecting', live: 'live', broken: 'reconnecting' };

export function ResultEvents({ pattern }: { pattern: string }) {
  const recent = useRecent(pattern);
  const container = useRef<HTMLDivElement>(null);
  const opened = useSignal<ShownEvent | null>(null);
  const events = recent.events.value;
  const fixed = pattern.slice(0, pattern.indexOf('/*') < 0 ? undefined : pattern.indexOf('/*'));
  const active = opened.value
    ? events.length - 1 - events.findIndex((event) => event.key === opened.value!.key)
    : events.length;
  const open = (event: ShownEvent | undefined) => event && (opened.value = event);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || events.length === 0) return;
    event.preventDefault();
    const from = active >= events.length ? -1 : active;
    const target = Math.max(0, Math.min(events.length - 1, from + step));
    open(events[events.length - 1 - target]);
    reveal(container.current, target, ROW_HEIGHT);
  };
  return (
    <>
      <NumberChart events={events} from={fixed} />
      <div class="result-events event-pane">
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
          aria-label="Results, newest first"
          tabIndex={0}
          aria-activedescendant={active < events.length ? `event-${active}` : undefined}
          onKeyDown={onKeyDown}
          onPointerMove={recent.hold}
          onPointerLeave={recent.release}
          count={events.length}
          rowHeight={ROW_HEIGHT}
          row={(i) => {
            const event = events[events.length - 1 - i];
            return event && <EventRow event={event} index={i} from={fixed} active={i === active} onOpen={open} />;
          }}
        />
        <p class="pane-foot event-note" role="status" aria-live="off">
          <span class={`follow-state ${recent.state.value}`}>{STATES[recent.state.value]}</span>
          <span>
            {events.length > 0 ? (
              <>
                the last <b>{format.count(events.length)}</b> in <span class="mono">{pattern}</span>
              </>
            ) : (
              <>
                nothing in <span class="mono">{pattern}</span> in the last ten minutes
              </>
            )}
          </span>
          {recent.held.value && recent.waiting.value > 0 && (
            <span class="waiting">
              {format.count(recent.waiting.value)} new, shown when the pointer leaves the list
            </span>
          )}
        </p>
      </div>
      {opened.value && (
        <div class="result-event" role="region" aria-label="Event">
          <EventWhole key={opened.value.key} event={opened.value} onClose={() => (opened.value = null)} />
        </div>
      )}
    </>
  );
}
