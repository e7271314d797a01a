// The keyboard in the tree, after the tree pattern of the WAI-ARIA practices.
import { selected } from '../location';
import { setOpen, setOpenBelow } from './loader';
import type { Row } from './nodes';

/** Acts on a key; returns whether it was one of the tree's. */
export function treeKey(event: KeyboardEvent, shown: readonly Row[], active: number, page: number): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const row = shown[active];
  const go = (index: number) => {
    const target = shown[Math.max(0, Math.min(shown.length - 1, index))];
    if (target) selected.value = target.node.context;
  };
  switch (event.key) {
    case 'ArrowDown':
      go(active + 1);
      return true;
    case 'ArrowUp':
      go(active < 0 ? 0 : active - 1);
      return true;
    case 'PageDown':
      go(active + page);
      return true;
    case 'PageUp':
      go(active - page);
      return true;
    case 'Home':
      go(0);
      return true;
    case 'End':
      go(shown.length - 1);
      return true;
    case 'ArrowRight':
    case 'ArrowLeft':
    case 'Enter':
    case '*':
      return row !== undefined && openKey(event, row, shown, go, active);
    default:
      return false;
  }
}

function openKey(
  event: KeyboardEvent,
  row: Row,
  shown: readonly Row[],
  go: (index: number) => void,
  active: number,
): boolean {
  const { node } = row;
  const parent = node.childCount > 0;
  if (event.key === '*') {
    for (const sibling of (row.folded[0] ?? node).parent?.children ?? [node])
      if (sibling.childCount > 0) void setOpen(sibling, true);
  } else if (event.key === 'Enter') {
    if (parent) void setOpen(node, !row.open);
  } else if (event.key === 'ArrowRight') {
    if (event.shiftKey && parent) void setOpenBelow(node, true);
    else if (parent && !row.open) void setOpen(node, true);
    else if (parent) go(active + 1);
  } else if (event.shiftKey && row.open) {
    void setOpenBelow(node, false);
  } else if (row.open) {
    void setOpen(node, false);
  } else {
    go(shown.findLastIndex((other, i) => i < active && other.depth < row.depth));
  }
  return true;
}
