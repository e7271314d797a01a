// The tree of contexts: one line a context, with its latest event and its rate.
import { useSignal } from '@preact/signals';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { serverNow } from '../connection';
import * as format from '../format';
import { filter, selected } from '../location';
import { Icon } from '../ui/icons';
import { reveal, VirtualRows } from '../ui/VirtualRows';
import { treeKey } from './keys';
import { incomplete, loading, seen, setOpen, setOpenBelow } from './loader';
import { filtering, filterTerms, observeNumbers, root, rows, treeLoaded, type ContextNode, type Row } from './nodes';

export const ROW_HEIGHT = 26;
const INDENT = 15;
/** Deeper than this, indents stop growing. */
const INDENT_LIMIT = 20;

export function TreeView() {
  const container = useRef<HTMLDivElement>(null);
  const focused = useSignal(false);
  const shown = rows.value;
  observeNumbers();
  const activeIndex = shown.findIndex(
    (row) => row.node.context === selected.value || row.folded.some((node) => node.context === selected.value),
  );
  const moved = useRef(false);

  useEffect(() => {
    // Follows the keyboard; a click needs no scrolling.
    if (moved.current || container.current?.scrollTop === 0) reveal(container.current, activeIndex, ROW_HEIGHT);
    moved.current = false;
  }, [activeIndex]);
  const onRange = useCallback((first: number, last: number) => {
    seen.first = first;
    seen.last = last;
    seen.visible = Math.floor((container.current?.clientHeight ?? 0) / ROW_HEIGHT);
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((container.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
    if (treeKey(event, shown, activeIndex, page)) {
      moved.current = true;
      event.preventDefault();
    }
  };
  return (
    <section class="pane tree-pane" aria-label="Contexts">
      <TreeTools />
      <div class="columns tree-columns" aria-hidden="true">
        <span>Context</span>
        <span class="col-preview">Latest event</span>
        <span class="col-age">Age</span>
        <span class="col-rate">Events/s</span>
      </div>
      <VirtualRows
        container={container}
        class="tree"
        role="tree"
        aria-label="Contexts"
        tabIndex={0}
        aria-activedescendant={activeIndex >= 0 ? `row-${activeIndex}` : undefined}
        onKeyDown={onKeyDown}
        onFocus={() => (focused.value = true)}
        onBlur={() => (focused.value = false)}
        count={shown.length}
        rowHeight={ROW_HEIGHT}
        onRange={onRange}
        row={(index) => {
          const row = shown[index];
          return row ? <TreeRow row={row} index={index} active={index === activeIndex} /> : null;
        }}
      />
      <p class="pane-foot">
        {treeLoaded.value && (
          <>
            <b>{format.count(root.contexts)}</b> contexts, <b>{format.count(root.published)}</b> events since the start
            {loading.value && ' · loading more …'}
            {incomplete.value && ' · only a part is loaded; narrow it down by opening a branch'}
          </>
        )}
      </p>
    </section>
  );
}

function TreeTools() {
  return (
    <div class="pane-tools">
      <input
        id="filter"
        type="search"
        placeholder="Filter contexts"
        aria-label="Filter contexts"
        autocomplete="off"
        spellcheck={false}
        value={filter.value}
        onInput={(event) => (filter.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            filter.value = '';
            event.currentTarget.blur();
          } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
            document.querySelector<HTMLElement>('[role=tree]')?.focus();
            event.preventDefault();
          }
        }}
      />
      <kbd class="in-field" aria-hidden="true">
        /
      </kbd>
    </div>
  );
}

function TreeRow({ row, index, active }: { row: Row; index: number; active: boolean }) {
  const { node } = row;
  const parent = node.childCount > 0;
  const rate = node.rate.value;
  const label = node === root ? 'All contexts' : [...row.folded, node].map((each) => each.name).join('/');
  return (
    <div
      id={`row-${index}`}
      role="treeitem"
      aria-level={row.depth}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-selected={active}
      {...(parent ? { 'aria-expanded': row.open } : {})}
      aria-label={label}
      class={`tree-row${active ? ' active' : ''}${(rate ?? 0) < 0.05 ? ' quiet' : ''}`}
      data-context={node.context}
      title={node.context}
      onClick={() => (selected.value = node.context)}
      onDblClick={() => parent && void setOpen(node, !row.open)}
    >
      <span
        class={`col-name${node.latest ? '' : ' wide'}`}
        style={{ paddingLeft: `${(Math.min(row.depth, INDENT_LIMIT) - 1) * INDENT}px` }}
      >
        <span
          class={`twisty${parent ? '' : ' none'}${row.open ? ' open' : ''}`}
          onClick={(event) => {
            if (!parent) return;
            event.stopPropagation();
            void (event.shiftKey || event.altKey ? setOpenBelow(node, !row.open) : setOpen(node, !row.open));
          }}
          onDblClick={(event) => event.stopPropagation()}
        >
          {parent && <Icon name="twisty" />}
        </span>
        <span class={`name${node === root ? ' all' : ''}`}>
          {row.folded.map((each) => (
            <span key={each.context} class="folded">
              <Name node={each} />
              <span class="slash">/</span>
            </span>
          ))}
          {node === root ? label : <Name node={node} />}
        </span>
        {parent && !row.open && <span class="below">{format.count(node.contexts)}</span>}
      </span>
      {node.latest && <span class="col-preview">{node.latest.preview ?? ''}</span>}
      <span class="col-age">{node.latest ? format.age(serverNow() - node.latestTime) : ''}</span>
      <span class="col-rate">
        <span class="bar" style={{ transform: `scaleX(${weight(rate)})` }} />
        <span class="number">{format.rate(rate)}</span>
      </span>
    </div>
  );
}

/** From 0 to 1 for rates up to 100,000 a second: each tenfold is as long as the one before. */
const weight = (rate: number | null) => (rate === null || rate < 0.05 ? 0 : Math.min(1, Math.log10(1 + rate * 10) / 6));

const Name = ({ node }: { node: ContextNode }) => (node.name === '' ? <i>(empty)</i> : <Marked text={node.name} />);

function Marked({ text }: { text: string }) {
  if (!filtering.value) return <>{text}</>;
  const lower = text.toLowerCase();
  for (const term of filterTerms.value) {
    const at = lower.indexOf(term);
    if (at < 0) continue;
    return (
      <>
        {text.slice(0, at)}
        <mark>{text.slice(at, at + term.length)}</mark>
        {text.slice(at + term.length)}
      </>
    );
  }
  return <>{text}</>;
}
