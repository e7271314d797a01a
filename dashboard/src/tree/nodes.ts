// The tree of contexts as far as it is known here. Plain objects; two signals say when to look again.
import { computed, signal } from '@preact/signals';
import type { ContextChild, ContextParent, ContextsAnswer, Latest } from '../api';
import { beat, noteServerTime, totalRate } from '../connection';
import { filter, open } from '../location';
import { Rate } from '../rate';

export class ContextNode {
  childCount = 0;
  contexts = 0;
  published = 0;
  readonly rate = new Rate();
  latest: Latest | null = null;
  latestTime = 0;
  /** Known children in the order they are shown; null until asked for. */
  children: ContextNode[] | null = null;
  readonly byName = new Map<string, ContextNode>();
  /** When its children were last asked for, by this machine's clock. */
  askedAt = 0;

  constructor(
    readonly name: string,
    readonly context: string,
    readonly parent: ContextNode | null,
    readonly level: number,
  ) {}
}

export interface Row {
  node: ContextNode;
  /** Open contexts above it that have only this one child and no events of their own; they share its line. */
  folded: readonly ContextNode[];
  depth: number;
  open: boolean;
  /** Place among its siblings, from 1. */
  place: number;
  siblings: number;
}

export const root = new ContextNode('', '/', null, 1);
root.childCount = 1;
/** Rises when nodes come or go. */
const structure = signal(0);
export const known = new Map<string, ContextNode>([['/', root]]);
/** The server has answered at least once. */
export const treeLoaded = signal(false);

const collator = new Intl.Collator('en', { numeric: true });
const byName = (a: ContextNode, b: ContextNode) =>
  collator.compare(a.name, b.name) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Takes over one answer; `first` says that the parents' children begin with it, rather than go on. */
export function merge(answer: ContextsAnswer, first: boolean): void {
  const time = noteServerTime(answer.time);
  root.contexts = answer.contexts;
  root.published = answer.published;
  root.rate.observe(answer.published, time);
  totalRate.observe(answer.published, time);
  let changed = !treeLoaded.peek();
  for (const parent of answer.parents) {
    const node = known.get(parent.context);
    if (node) changed = mergeChildren(node, parent, time, first) || changed;
  }
  if (root.children) root.childCount = root.children.length;
  treeLoaded.value = true;
  if (changed) structure.value++;
}

function mergeChildren(node: ContextNode, parent: ContextParent, time: number, first: boolean): boolean {
  const before = node.children?.length ?? -1;
  let added = false;
  for (const child of parent.children) {
    let mine = node.byName.get(child.name);
    if (!mine) {
      mine = new ContextNode(child.name, child.context, node, node.level + 1);
      node.byName.set(child.name, mine);
      known.set(child.context, mine);
      added = true;
    }
    added = update(mine, child, time) || added;
  }
  let gone = false;
  if (first && !parent.more && node.byName.size > parent.children.length) {
    const present = new Set(parent.children.map((child) => child.name));
    for (const child of [...node.byName.values()]) {
      if (present.has(child.name)) continue;
      forget(child);
      gone = true;
    }
  }
  node.childCount = parent.total;
  if (added || gone || before < 0) node.children = [...node.byName.values()].sort(byName);
  return added || gone || before < 0;
}

/** Returns whether the node became one that can be opened. */
function update(node: ContextNode, child: ContextChild, time: number): boolean {
  const grown = node.childCount === 0 && child.children > 0;
  node.childCount = child.children;
  node.contexts = child.contexts;
  node.published = child.published;
  node.rate.observe(child.published, time);
  if (child.latest && (node.latest?.recorded !== child.latest.recorded || node.latest.offset !== child.latest.offset)) {
    node.latest = child.latest;
    node.latestTime = Date.parse(child.latest.recorded);
  }
  return grown;
}

function forget(node: ContextNode): void {
  node.parent?.byName.delete(node.name);
  known.delete(node.context);
  for (const child of node.byName.values()) forget(child);
}

const terms = computed(() => filter.value.toLowerCase().split(/\s+/).filter(Boolean));

/** Whether the filter says anything. */
export const filtering = computed(() => terms.value.length > 0);

/** The rows as they are shown, top to bottom. */
export const rows = computed<Row[]>(() => {
  structure.value;
  const opened = open.value;
  const wanted = terms.value;
  const result: Row[] = [];
  if (wanted.length === 0) {
    walk(root, { ...NOWHERE, folded: [] }, opened, result);
  } else {
    walkMatching(root, { ...NOWHERE, folded: [] }, { wanted, opened, result });
  }
  return result;
});

interface Place {
  depth: number;
  place: number;
  siblings: number;
  folded: ContextNode[];
}

const NOWHERE: Place = { depth: 1, place: 1, siblings: 1, folded: [] };

const below = (at: Place, i: number, siblings: number): Place => ({
  depth: at.depth + 1,
  place: i + 1,
  siblings,
  folded: [],
});

/** The context that stands for this one and its only descendants, which are noted in `folded`. */
function fold(node: ContextNode, isOpen: (node: ContextNode) => boolean, folded: ContextNode[]): ContextNode {
  let at = node;
  while (at !== root && !at.latest && at.children?.length === 1 && isOpen(at) && at.children[0]!.childCount > 0) {
    folded.push(at);
    at = at.children[0]!;
  }
  return at;
}

function walk(start: ContextNode, at: Place, opened: ReadonlySet<string>, result: Row[]): void {
  const node = fold(start, (each) => opened.has(each.context), at.folded);
  const open = node.childCount > 0 && opened.has(node.context);
  result.push({ node, open, ...at });
  if (!open || !node.children) return;
  const children = node.children;
  for (let i = 0; i < children.length; i++) walk(children[i]!, below(at, i, children.length), opened, result);
}

interface Match {
  wanted: string[];
  opened: ReadonlySet<string>;
  result: Row[];
}

/** Adds the node if it or something below it matches; what lies under a match is shown as it is opened. */
function walkMatching(start: ContextNode, at: Place, match: Match): boolean {
  const matches = (each: ContextNode) => {
    const text = each.context.toLowerCase();
    return match.wanted.every((term) => text.includes(term));
  };
  const node = fold(start, (each) => !matches(each), at.folded);
  if (matches(node)) {
    walk(node, at, match.opened, match.result);
    return true;
  }
  const length = match.result.length;
  match.result.push({ node, open: true, ...at });
  let any = false;
  const children = node.children ?? [];
  for (let i = 0; i < children.length; i++) {
    any = walkMatching(children[i]!, below(at, i, children.length), match) || any;
  }
  if (!any && node !== root) match.result.length = length;
  return any;
}

/** The terms of the filter, for highlighting. */
export const filterTerms = terms;

/** A row's live numbers change with every answer. */
export const observeNumbers = () => beat.value;
