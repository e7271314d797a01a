// Where one can go from a place: the next rooms on its floor, and the floors above and below.
import type { childrenOf } from './latest';
import { pathOf, placeName, segmentsOf } from './words';

const FLOORS = /^(floor|level|storey|story|etage|geschoss)$/i;
/** More are not for a list on a phone. */
const PLACES = 400;
const collator = new Intl.Collator('en', { numeric: true });

export interface Place {
  context: string;
  /** `Room 4`. */
  name: string;
}

export interface Floor {
  /** The floor's own context; that of the parent where there are no floors. */
  context: string;
  name: string;
  places: Place[];
}

/** How the contexts look that are beside this one: names that stay, and `null` where any name may be. */
export interface Shape {
  /** The context whose children are the floors; null if there are none. */
  building: string | null;
  /** The floor this place is on, or its parent. */
  floor: string;
  /** The way from a floor to its places. */
  way: readonly (string | null)[];
}

/** In `…/floor/3/unit/j/room/4` all `…/floor/?/unit/?/room/?` are alike; elsewhere those with the same parent. */
export function shapeOf(context: string): Shape {
  const segments = segmentsOf(context);
  const at = segments.findLastIndex((segment, i) => FLOORS.test(segment) && i + 1 < segments.length);
  if (at < 0) return { building: null, floor: pathOf(segments.slice(0, -1)), way: segments.length > 0 ? [null] : [] };
  const inside = segments.slice(at + 2);
  // Behind the floor come pairs; what is behind the last pair stays as it is.
  const way = inside.map((segment, i) => (i % 2 === 1 ? null : segment));
  return { building: pathOf(segments.slice(0, at + 1)), floor: pathOf(segments.slice(0, at + 2)), way };
}

const byContext = (a: Place, b: Place) => collator.compare(a.context, b.context);

/** All floors with their places, from the lowest, in as many requests as the way has names that vary. */
export async function findFloors(context: string, children: Children): Promise<Floor[]> {
  if (context === '/') return [];
  const { building, floor, way } = shapeOf(context);
  const floors = building === null ? [floor] : await step([building], children);
  let reached = floors.map((each) => [each]);
  for (const name of way) {
    const next = (await expand(reached.flat(), name, children)) ?? new Map<string, string[]>();
    reached = reached.map((group) => group.flatMap((each) => next.get(each) ?? []));
  }
  return floors
    .map((each, i) => ({
      context: each,
      name: placeName(each),
      places: reached[i]!.map((place) => ({ context: place, name: placeName(place) })).sort(byContext),
    }))
    .sort(byContext);
}

type Children = typeof childrenOf;

async function step(contexts: readonly string[], children: Children): Promise<string[]> {
  return [...(await children(contexts)).values()].flat().map((child) => child.context);
}

/** From each of these one name further: that one, or whatever there is. */
async function expand(contexts: readonly string[], name: string | null, children: Children) {
  if (name !== null) return new Map(contexts.map((each) => [each, [`${each}/${name}`]]));
  if (contexts.length === 0) return undefined;
  const found = await children(contexts.slice(0, PLACES));
  return new Map([...found].map(([each, inner]) => [each, inner.map((child) => child.context)]));
}

export interface Ways {
  before: Place | null;
  after: Place | null;
  down: Place | null;
  up: Place | null;
}

/** What is next to a place: before and after it on its floor, and the same room, or the nearest to it, on the other floors. */
export function waysFrom(context: string, floors: readonly Floor[]): Ways {
  const at = floors.findIndex((floor) => floor.places.some((place) => place.context === context));
  const places = floors[at]?.places ?? [];
  const index = places.findIndex((place) => place.context === context);
  const onFloor = (floor: Floor | undefined): Place | null => {
    const found = floor && counterpart(context, floor);
    return found ? { context: found.context, name: floor.name } : null;
  };
  return {
    before: places[index - 1] ?? null,
    after: at < 0 ? null : (places[index + 1] ?? null),
    down: at < 0 ? null : onFloor(floors[at - 1]),
    up: at < 0 ? null : onFloor(floors[at + 1]),
  };
}

/** The place on the floor that is called the same, else whose last name is the same, else its first. */
function counterpart(context: string, { context: floor, places }: Floor): Place | undefined {
  const segments = segmentsOf(context);
  const depth = segmentsOf(floor).length;
  const same = pathOf([...segmentsOf(floor), ...segments.slice(depth)]);
  return (
    places.find((place) => place.context === same) ??
    places.find((place) => segmentsOf(place.context).at(-1) === segments.at(-1)) ??
    places[0]
  );
}

/** The place that this one is in: of pairs, the pair before. */
export function parentOf(context: string): string | null {
  const segments = segmentsOf(context);
  if (segments.length === 0) return null;
  return pathOf(segments.slice(0, segments.length > 2 && segments.length % 2 === 0 ? -2 : -1));
}
