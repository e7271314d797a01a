// The table of a view: keys and values as they are now, what changes stands out for a moment.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { serverRoot } from '../api';
import { FilterField } from '../cursors/parts';
import { serverNow } from '../connection';
import { Copy, Tokens } from '../events/EventDetail';
import { member, pretty, textOf } from '../events/json';
import * as format from '../format';
import { Problem } from '../ui/Ask';
import { DataTable, type Column } from '../ui/DataTable';
import { Icon } from '../ui/icons';
import { FOLLOWED_KEYS, useTable, type ViewRow } from './table';
import { pathOf } from './views';

const TYPING_MS = 200;
/** More columns than these are no table any more: there is the JSON. */
const COLUMNS_MAX = 12;

/** What of a value has the columns: an event's data, or the value itself. */
function dataOf(raw: string): string {
  if (member(raw, 'specversion') === undefined) return raw;
  return member(raw, 'data')?.trim() ?? 'null';
}

function cellOf(raw: string, column: string): string {
  const text = member(dataOf(raw), column)?.trim() ?? '';
  if (text === 'null') return '';
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

/** The columns of these rows; those with a `#` before them hold nothing but numbers. */
function columnsIn(rows: readonly ViewRow[]): string[] {
  const names = new Map<string, boolean>();
  for (const { raw } of rows) {
    const data: unknown = JSON.parse(dataOf(raw));
    if (data !== null && typeof data === 'object' && !Array.isArray(data))
      for (const [name, value] of Object.entries(data))
        names.set(name, (names.get(name) ?? true) && (value === null || typeof value === 'number'));
  }
  return [...names].slice(0, COLUMNS_MAX).map(([name, numeric]) => (numeric ? '#' : ' ') + name);
}

interface Props {
  name: string;
  /** How many there are in all, as far as it is known. */
  keys: number | undefined;
}

export function ViewTable({ name, keys }: Props) {
  // How it is kept current is decided once: a view that grows goes on as it began.
  const follow = useSignal<boolean | null>(null);
  if (follow.value === null && keys !== undefined) follow.value = keys <= FOLLOWED_KEYS;
  const patient = useSignal(true);
  useEffect(() => {
    const timer = setTimeout(() => (patient.value = false), 1500);
    return () => clearTimeout(timer);
  }, []);
  // Without a status there is nothing to wait for.
  if (follow.value === null && patient.value) return <p class="muted none">Asking for the view …</p>;
  return <Followed name={name} keys={keys} follow={follow.value ?? false} />;
}

function Followed({ name, keys, follow }: Props & { follow: boolean }) {
  const typed = useSignal('');
  const prefix = useSignal('');
  /** Behind which keys the pages begin, the one that is shown last. */
  const pages = useSignal(['']);
  const asJson = useSignal(false);
  const opened = useSignal('');
  useEffect(() => {
    const timer = setTimeout(() => {
      if (prefix.peek() === typed.peek()) return;
      prefix.value = typed.peek();
      pages.value = [''];
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed.value]);
  const table = useTable(name, prefix.value, pages.value.at(-1)!, follow);
  const rows = table.rows.value;
  const names = useMemo(() => columnsIn(rows ?? []), [rows]).join('\n');
  const columns = useMemo<Column<ViewRow>[]>(
    () => columnsOf(name, names ? names.split('\n') : [], asJson.value, (key) => (opened.value = key)),
    [name, names, asJson.value],
  );
  const row = rows?.find(({ key }) => key === opened.value);
  return (
    <>
      <div class="pane-tools view-tools">
        <FilterField label="Keys that begin with" value={typed.value} onChange={(value) => (typed.value = value)} />
        <div class="segmented" role="group" aria-label="How values are shown">
          <button type="button" aria-pressed={!asJson.value} onClick={() => (asJson.value = false)}>
            Columns
          </button>
          <button type="button" aria-pressed={asJson.value} onClick={() => (asJson.value = true)}>
            JSON
          </button>
        </div>
      </div>
      {table.error.value !== null && <Problem error={table.error.value} />}
      <div class="wide" style={{ '--columns': String(columns.length) }}>
        <DataTable
          label={`Keys of ${name}`}
          columns={columns}
          rows={rows ?? []}
          nameOf={({ key }) => key}
          open={opened.value}
          onOpen={(key) => (opened.value = key)}
          rowClass={({ key }) => (table.changed.value.has(key) ? 'changed' : '')}
        />
      </div>
      {rows?.length === 0 && (
        <p class="none">{prefix.value ? `No key begins with ${prefix.value}` : 'There are no keys yet.'}</p>
      )}
      {row && <Whole name={name} row={row} onClose={() => (opened.value = '')} />}
      <p class="pane-foot view-foot">
        <span class={`follow-state ${table.state.value === 'asked' ? 'live' : table.state.value}`}>
          {
            { connecting: 'connecting', live: 'live', broken: 'reconnecting', asked: 'every two seconds' }[
              table.state.value
            ]
          }
        </span>
        <span>
          <b>{format.count(rows?.length ?? 0)}</b>
          {keys !== undefined && !prefix.value && (
            <>
              {' '}
              of <b>{format.count(keys)}</b>
            </>
          )}{' '}
          {rows?.length === 1 && !keys ? 'key' : 'keys'}
        </span>
        <span class="space" />
        <button
          type="button"
          class="tool"
          disabled={pages.value.length === 1}
          onClick={() => (pages.value = pages.value.slice(0, -1))}
        >
          Before
        </button>
        <button
          type="button"
          class="tool"
          disabled={!table.next.value}
          onClick={() => (pages.value = [...pages.value, table.next.value])}
        >
          After
        </button>
      </p>
    </>
  );
}

function columnsOf(
  view: string,
  names: readonly string[],
  asJson: boolean,
  onOpen: (key: string) => void,
): Column<ViewRow>[] {
  const key: Column<ViewRow> = {
    name: 'Key',
    width: 'minmax(150px, 2fr)',
    class: 'mono key-cell',
    sort: (row) => row.key,
    cell: (row) => (
      <a
        class="row-link"
        title={row.key}
        href={`${serverRoot}${pathOf(view)}/${encodeURIComponent(row.key)}`}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          onOpen(row.key);
        }}
      >
        <bdi>{row.key}</bdi>
      </a>
    ),
  };
  const updated: Column<ViewRow> = {
    name: 'Updated',
    width: '60px',
    class: 'right',
    sort: (row) => Date.parse(row.updated) || 0,
    cell: (row) => (
      <span title={format.moment(row.updated)}>{row.updated && format.age(serverNow() - Date.parse(row.updated))}</span>
    ),
  };
  const shown = asJson || names.length === 0 ? [valueColumn] : names.map(column);
  return [key, ...shown, updated];
}

const valueColumn: Column<ViewRow> = {
  name: 'Value',
  width: 'minmax(160px, 3fr)',
  class: 'mono',
  cell: (row) => <span title={row.raw}>{row.raw.slice(0, 400)}</span>,
};

const column = (told: string): Column<ViewRow> => {
  const name = told.slice(1);
  const numeric = told.startsWith('#');
  return {
    name,
    width: 'minmax(82px, 1fr)',
    class: numeric ? 'right' : '',
    sort: ({ raw }) => (numeric ? Number(cellOf(raw, name)) : cellOf(raw, name)),
    cell: ({ raw }) => {
      const value = cellOf(raw, name);
      return <span title={value}>{value}</span>;
    },
  };
};

/** One value, whole. */
function Whole({ name, row, onClose }: { name: string; row: ViewRow; onClose: () => void }) {
  const tokens = useMemo(() => pretty(row.raw), [row.raw]);
  return (
    <div class="view-value" role="region" aria-label={`Value of ${row.key}`}>
      <header class="detail-head">
        <h2 title={`${name}, ${row.key}`}>{row.key}</h2>
        <Copy label="Copy JSON" text={() => textOf(tokens)} />
        <button type="button" class="tool bare" aria-label="Close the value" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="view-value-body">
        <p class="muted">
          updated {format.moment(row.updated)}
          {row.etag && (
            <>
              {' '}
              · ETag <code>{row.etag}</code>
            </>
          )}
        </p>
        <pre class="data" tabIndex={0} aria-label="Value">
          <Tokens tokens={tokens} />
        </pre>
      </div>
    </div>
  );
}
