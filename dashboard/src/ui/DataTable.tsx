// A table of equal rows, any number of them: columns that give way where it is narrow, sorting, arrow keys.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { VirtualRows } from './VirtualRows';

const ROW_HEIGHT = 32;

export interface Column<Row> {
  name: string;
  /** As CSS has it for the columns of a grid. */
  width: string;
  /** Shown only where the table is at least so many pixels wide. */
  from?: number;
  class?: string;
  /** What stands over it, if it is not the name. */
  head?: ComponentChildren;
  sort?: (row: Row) => number | string;
  cell: (row: Row) => ComponentChildren;
}

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  nameOf: (row: Row) => string;
  /** The row that is open. */
  open?: string;
  onOpen?: (name: string) => void;
  /** Told which rows are on the screen, more or less. */
  onRows?: (rows: readonly Row[]) => void;
  /** What sets a row apart, as a class. */
  rowClass?: (row: Row) => string;
}

const collator = new Intl.Collator('en', { numeric: true });

export function DataTable<Row>({ label, columns, rows, nameOf, open, onOpen, onRows, rowClass }: Props<Row>) {
  const container = useRef<HTMLDivElement>(null);
  const width = useSignal(1200);
  const range = useSignal<[number, number]>([0, 0]);
  const sorting = useSignal<{ by: string; down: boolean } | null>(null);
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(([entry]) => (width.value = entry!.contentRect.width));
    sizes.observe(container.current!);
    return () => sizes.disconnect();
  }, []);
  const shown = columns.filter((column) => width.value >= (column.from ?? 0));
  const style = { gridTemplateColumns: shown.map((column) => column.width).join(' ') };
  const by = sorting.value;
  const sorted = useMemo(() => {
    const value = columns.find((column) => column.name === by?.by)?.sort;
    if (!by || !value) return rows;
    const turn = by.down ? -1 : 1;
    return rows.toSorted((a, b) => {
      const [left, right] = [value(a), value(b)];
      return turn * (typeof left === 'number' ? left - Number(right) : collator.compare(left, String(right)));
    });
  }, [rows, columns, by]);
  useLayoutEffect(() => onRows?.(sorted.slice(...range.value)), [sorted, range.value]);
  const sortBy = (name: string) => {
    // Numbers are wanted with the largest on top, names from the beginning; a third time leads back.
    const first = typeof columns.find((column) => column.name === name)?.sort?.(rows[0]!) === 'number';
    if (by?.by !== name) sorting.value = { by: name, down: first };
    else sorting.value = by.down === first ? { by: name, down: !first } : null;
  };
  return (
    <div class="table data-table" role="table" aria-label={label} aria-rowcount={rows.length + 1}>
      <div class="columns data-line" role="row" style={style}>
        {shown.map((column) => (
          <span
            key={column.name}
            role="columnheader"
            class={column.class?.includes('right') ? 'right' : ''}
            aria-sort={by?.by === column.name ? (by.down ? 'descending' : 'ascending') : undefined}
          >
            {column.sort && rows.length > 0 ? (
              <button type="button" class="sort" onClick={() => sortBy(column.name)}>
                {column.name}
                {by?.by === column.name && <span aria-hidden="true"> {by.down ? '↓' : '↑'}</span>}
              </button>
            ) : (
              (column.head ?? column.name)
            )}
          </span>
        ))}
      </div>
      <VirtualRows
        container={container}
        class="data-rows"
        role="rowgroup"
        count={sorted.length}
        rowHeight={ROW_HEIGHT}
        onRange={(first, last) => (range.value = [first, last])}
        onKeyDown={walk}
        row={(index) => {
          const row = sorted[index];
          if (row === undefined) return null;
          const name = nameOf(row);
          return (
            <div
              role="row"
              aria-rowindex={index + 2}
              class={`data-line data-row${open === name ? ' active' : ''}${onOpen ? ' opens' : ''} ${rowClass?.(row) ?? ''}`}
              style={style}
              data-name={name}
              data-index={index}
              onClick={(event) => !(event.target as Element).closest('a, button, input, label') && onOpen?.(name)}
            >
              {shown.map((column) => (
                <span key={column.name} role="cell" class={column.class}>
                  {column.cell(row)}
                </span>
              ))}
            </div>
          );
        }}
      />
    </div>
  );
}

/** Up and down go from link to link. */
function walk(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = (event.target as Element).closest<HTMLElement>('.data-row');
  if (!step || !row) return;
  const next = Number(row.dataset.index) + step;
  (event.currentTarget as Element).querySelector<HTMLElement>(`[data-index="${next}"] a`)?.focus();
  event.preventDefault();
}
