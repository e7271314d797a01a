// Which contexts are asked for, and when: those that are seen, once a second; others once, when they are needed.
import { effect, signal } from '@preact/signals';
import { getContexts, queryPath } from '../api';
import { askNow, onPage } from '../connection';
import { filter, open, openGiven } from '../location';
import { ContextNode, filtering, known, merge, root, rows } from './nodes';

/** Keeps a request line under the 4096 bytes that servers usually take. */
const URL_LIMIT = 3400;
const PAGE_LIMIT = 10_000;
/** At most so many contexts are loaded by a filter or by opening everything below a context. */
const LOAD_LIMIT = 30_000;
/** A context with more children than this is asked for less often than each second. */
const CHILDREN_A_SECOND = 1500;

/** The range of rows on the screen, told by the view. */
export const seen = { first: 0, last: 60, visible: 24 };
/** Set while a filter or an opening loads more of the tree; and whether it had to stop at the limit. */
export const loading = signal(false);
export const incomplete = signal(false);

/** Loads the children of all of these. */
async function load(nodes: readonly ContextNode[]): Promise<void> {
  const chunks: ContextNode[][] = [];
  let length = Infinity;
  for (const node of nodes) {
    const size = queryPath(node.context).length + 7;
    if (length + size > URL_LIMIT) {
      chunks.push([]);
      length = 0;
    }
    length += size;
    chunks.at(-1)!.push(node);
  }
  const lanes = Array.from({ length: Math.min(3, chunks.length) }, async () => {
    for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) await loadChunk(chunk);
  });
  await Promise.all(lanes);
}

async function loadChunk(nodes: readonly ContextNode[]): Promise<void> {
  const now = Date.now();
  for (const node of nodes) node.askedAt = now;
  const answer = await getContexts(
    nodes.map((node) => node.context),
    PAGE_LIMIT,
  );
  merge(answer, true);
  for (const parent of answer.parents) {
    let { more, children } = parent;
    while (more && children.length > 0) {
      const next = await getContexts([parent.context], PAGE_LIMIT, children.at(-1)!.name);
      merge(next, false);
      more = next.parents[0]?.more ?? false;
      children = next.parents[0]?.children ?? [];
    }
  }
}

/** What the screen needs now: parents of seen rows, and open nodes on it whose children are unknown. */
function needed(): ContextNode[] {
  const wanted = new Set<ContextNode>([root]);
  const shown = rows.peek();
  const now = Date.now();
  for (let i = seen.first; i < Math.min(seen.last, shown.length); i++) {
    const { node, open: isOpen } = shown[i]!;
    if (node.parent && isDue(node.parent, now)) wanted.add(node.parent);
    if (isOpen && !node.children) wanted.add(node);
  }
  return [...wanted];
}

function isDue(node: ContextNode, now: number): boolean {
  const seconds = Math.floor((node.children?.length ?? 0) / CHILDREN_A_SECOND);
  return now - node.askedAt >= seconds * 1000;
}

async function loadOpen(): Promise<void> {
  const missing = () => rows.peek().filter((row) => row.open && !row.node.children && row.node.childCount > 0);
  for (let rest = missing(); rest.length > 0;) {
    await load(rest.map((row) => row.node));
    const after = missing();
    if (after.length > 0 && after[0] === rest[0]) return;
    rest = after;
  }
}

let begun = false;

/** At the very first look, opens the first branch down to something that speaks, then others while the screen has room. */
async function begin(): Promise<void> {
  begun = true;
  if (openGiven) return;
  const opened = new Set(open.peek());
  await openBranch(root, opened);
  open.value = new Set(opened);
  for (let grown = true; grown;) {
    grown = false;
    const closed = rows.peek().filter((row) => !row.open && row.node.childCount > 0);
    for (const { node } of closed.sort((a, b) => b.depth - a.depth)) {
      if (rows.peek().length + node.childCount > seen.visible) continue;
      await openBranch(node, opened, 1);
      if (rows.peek().length + (node.children?.length ?? 0) > seen.visible) continue;
      open.value = new Set(opened);
      grown = true;
      break;
    }
  }
}

/** Opens the first child of the first child and so on; at most so many choices deep. */
async function openBranch(node: ContextNode, opened: Set<string>, choices = Infinity): Promise<void> {
  for (let at: ContextNode | undefined = node; at && at.childCount > 0 && choices > 0; at = at.children?.[0]) {
    if (!at.children) await load([at]);
    opened.add(at.context);
    if (at.children?.length !== 1) choices--;
  }
}

onPage('contexts', async () => {
  await load(needed());
  if (!begun && root.childCount > 0) await begin();
  await loadOpen();
  if (filtering.peek()) await loadBelow(root);
});

/** Opens or closes one context; an only child opens with it, down to the first choice. */
export async function setOpen(node: ContextNode, wanted: boolean): Promise<void> {
  const opened = new Set(open.peek());
  if (!wanted) {
    opened.delete(node.context);
    open.value = opened;
    return;
  }
  let at = node;
  for (;;) {
    opened.add(at.context);
    open.value = new Set(opened);
    if (!at.children) await load([at]).catch(askNow);
    if (at.children?.length !== 1 || at.children[0]!.childCount === 0) return;
    at = at.children[0]!;
  }
}

/** Opens or closes everything below a context. */
export async function setOpenBelow(node: ContextNode, wanted: boolean): Promise<void> {
  const inside = (context: string) => context === node.context || isUnder(context, node.context);
  if (!wanted) {
    open.value = new Set([...open.peek()].filter((context) => !inside(context)));
    return;
  }
  await loadBelow(node).catch(askNow);
  const opened = new Set(open.peek());
  for (const each of known.values()) {
    if (each.children && each.children.length > 0 && inside(each.context)) opened.add(each.context);
  }
  open.value = opened;
}

export const isUnder = (context: string, ancestor: string) =>
  ancestor === '/' ? context !== '/' : context.startsWith(`${ancestor}/`);

/** Loads everything below a context, level by level, up to the limit. */
async function loadBelow(node: ContextNode): Promise<void> {
  if (loading.peek()) return;
  loading.value = true;
  try {
    for (;;) {
      const missing: ContextNode[] = [];
      collectMissing(node, missing);
      incomplete.value = missing.length > 0 && known.size >= LOAD_LIMIT;
      if (missing.length === 0 || incomplete.peek()) return;
      await load(missing.slice(0, 400));
    }
  } finally {
    loading.value = false;
  }
}

function collectMissing(node: ContextNode, missing: ContextNode[]): void {
  if (node.childCount === 0) return;
  if (!node.children) missing.push(node);
  else for (const child of node.children) collectMissing(child, missing);
}

/** A filter is over everything, so what is not known yet is loaded. */
export function loadForFilter(): void {
  effect(() => {
    if (filter.value.trim()) void loadBelow(root).catch(askNow);
    else incomplete.value = false;
  });
}
