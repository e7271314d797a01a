// Ways out of a place, where the thumb is: the rooms beside it, the floors below and above, and a list of all of them.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { go, linkTo } from '../location';
import { useAsked } from '../ui/asked';
import { Icon } from '../ui/icons';
import { childrenOf } from './latest';
import { findFloors, parentOf, shapeOf, waysFrom, type Floor, type Place } from './places';
import { pathOf, placeName, segmentsOf } from './words';

const EVERY_MS = 30_000;

interface GoToProps {
  context: string;
  class?: string;
  label?: string;
  current?: boolean;
  children: ComponentChildren;
}

/** A link to the view of another place. */
export function GoTo({ context, class: className, label, current, children }: GoToProps) {
  return (
    <a
      href={linkTo('room', context)}
      {...(className ? { class: className } : {})}
      {...(label ? { 'aria-label': label } : {})}
      {...(current ? { 'aria-current': 'location' as const } : {})}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go('room', context);
      }}
    >
      {children}
    </a>
  );
}

export function PlaceBar({ context }: { context: string }) {
  // What is on a floor is asked for once for all of its rooms.
  const { building, floor, way } = shapeOf(context);
  const key = `${building ?? floor} ${way.map((name) => name ?? '?').join('/')}`;
  const floors = useAsked(key, () => findFloors(context, childrenOf), EVERY_MS).value ?? [];
  const { before, after, down, up } = waysFrom(context, floors);
  const list = useRef<HTMLDialogElement>(null);
  return (
    <nav class="place-bar" aria-label="Other places">
      <Step to={before} label="Before" icon="left" />
      {building !== null && <Step to={down} label="Floor below" icon="down" />}
      <button type="button" class="step" aria-haspopup="dialog" onClick={() => list.current?.showModal()}>
        <Icon name="list" />
        <span>Places</span>
      </button>
      {building !== null && <Step to={up} label="Floor above" icon="up" />}
      <Step to={after} label="Next" icon="right" />
      <Places context={context} floors={floors} dialog={list} />
    </nav>
  );
}

interface StepProps {
  to: Place | null;
  label: string;
  icon: 'left' | 'right' | 'up' | 'down';
}

function Step({ to, label, icon }: StepProps) {
  if (!to) {
    return (
      <span class="step absent" aria-hidden="true">
        <Icon name={icon} />
        <span>–</span>
      </span>
    );
  }
  return (
    <GoTo context={to.context} class="step" label={`${label}: ${to.name}`}>
      <Icon name={icon} />
      <span>{to.name}</span>
    </GoTo>
  );
}

interface PlacesProps {
  context: string;
  floors: readonly Floor[];
  dialog: { current: HTMLDialogElement | null };
}

/** All places that one can go to, by floor, and the way out. */
function Places({ context, floors, dialog }: PlacesProps) {
  const parent = parentOf(context);
  useEffect(() => {
    dialog.current?.close();
  }, [context]);
  return (
    <dialog
      ref={dialog}
      class="places"
      aria-label="Places"
      onClick={(event) => {
        if (event.target === dialog.current || (event.target as HTMLElement).closest('a')) dialog.current?.close();
      }}
    >
      <div class="places-inner">
        <header>
          <h2>Places</h2>
          <button type="button" class="room-button" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        {parent !== null && (
          <GoTo context={parent} class="places-up">
            <Icon name="up" /> All of {placeName(parent)}
          </GoTo>
        )}
        {[...floors].reverse().map((floor) => (
          <section key={floor.context} aria-label={floor.name}>
            <h3>
              <GoTo context={floor.context}>{floor.name}</GoTo>
            </h3>
            <ul>
              {floor.places.map((place) => (
                <li key={place.context}>
                  <GoTo context={place.context} current={place.context === context}>
                    {place.name}
                    <small>{between(place, floor)}</small>
                  </GoTo>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </dialog>
  );
}

/** What lies between a floor and its place: `Unit J`. */
function between({ context }: Place, floor: Floor): string {
  const depth = segmentsOf(floor.context).length;
  const inside = segmentsOf(context).slice(depth, -2);
  return inside.length < 2 ? '' : placeName(pathOf(segmentsOf(context).slice(0, depth + inside.length)));
}
