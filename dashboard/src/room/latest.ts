// What is below a place now: its contexts, and the latest event of each.
import { getContexts, getLatest, queryPath, type ContextChild, type ContextsAnswer, type Envelope } from '../api';
import { noteServerTime } from '../connection';

/** More contexts than these are not shown live: a floor has some dozens, and a phone shows three or four at once. */
export const CONTEXTS = 120;
const CHILDREN = 1000;
/** Keeps a request line under the 4096 bytes that servers usually take. */
const URL_LIMIT = 3400;
/** Browsers have six connections for one server; one of them is the page's own stream. */
const LANES = 4;

/** The children of all of these, in as many requests as their names need. */
export async function childrenOf(contexts: readonly string[]): Promise<Map<string, ContextChild[]>> {
  const chunks: string[][] = [];
  let length = Infinity;
  for (const context of contexts) {
    const size = queryPath(context).length + 7;
    if (length + size > URL_LIMIT) {
      chunks.push([]);
      length = 0;
    }
    length += size;
    chunks.at(-1)!.push(context);
  }
  const found = new Map<string, ContextChild[]>();
  const take = (answer: ContextsAnswer) => {
    noteServerTime(answer.time);
    for (const { context, children } of answer.parents) found.set(context, children);
  };
  for (const chunk of chunks) take(await getContexts(chunk, CHILDREN));
  return found;
}

export interface Below {
  /** The direct children, for going further in. */
  children: readonly ContextChild[];
  /** How many contexts below have had events. */
  count: number;
  /** The place and those below it, as far as they have had events; only itself if they are too many. */
  speaking: readonly string[];
}

/** Looks for what speaks in a place and below it, level by level. */
export async function lookBelow(context: string): Promise<Below> {
  const above = context === '/' ? context : context.slice(0, context.lastIndexOf('/')) || '/';
  const first = await childrenOf(context === '/' ? [context] : [above, context]);
  const own = context === '/' ? undefined : first.get(above)?.find((child) => child.context === context);
  const children = first.get(context) ?? [];
  const count = children.reduce((sum, child) => sum + child.contexts, 0);
  const speaking = own?.latest ? [context] : [];
  for (let level = count > CONTEXTS ? [] : children; level.length > 0;) {
    speaking.push(...level.filter((child) => child.latest).map((child) => child.context));
    const inner = level.filter((child) => child.children > 0).map((child) => child.context);
    level = [...(await childrenOf(inner)).values()].flat();
  }
  return { children, count, speaking };
}

/** The latest events of these contexts; a context that has lost its own meanwhile is left out. */
export async function latestOf(contexts: readonly string[]): Promise<Envelope[]> {
  const waiting = [...contexts];
  const found: Envelope[] = [];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const text = await getLatest(next);
      if (text !== undefined) found.push(JSON.parse(text) as Envelope);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return found;
}
