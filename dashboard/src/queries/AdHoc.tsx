// A box for SQL that is run at once: its result grows and changes as the server sends it, and nothing is kept.
import { signal, useSignal } from '@preact/signals';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { change, ServerProblem } from '../api';
import * as format from '../format';
import { Problem } from '../ui/Ask';
import { DataTable, type Column } from '../ui/DataTable';
import { Icon } from '../ui/icons';
import { SideHead } from '../ui/Pair';
import { Explained, type Explanation } from './Explained';
import { ErrorNote } from './parts';
import { placeOf, type QueryError } from './queries';
import { cellOf, Run, sortKey, type ResultRow, type RunColumn } from './run';
import { SqlView, type Place } from './SqlView';

/** What was typed stays while other pages are looked at. */
const text = signal('SELECT *\nFROM events');
const inputs = signal('');
const options = signal({ start: 'earliest', until: 'now' });
const MAX = 1000;

const STATES = {
  idle: '',
  running: 'running',
  ended: 'ended',
  stopped: 'stopped',
  failed: 'failed',
};

export function AdHoc() {
  const area = useRef<HTMLTextAreaElement>(null);
  const run = useMemo(() => new Run(), []);
  const explanation = useSignal<Explanation | null>(null);
  const inputsWrong = useSignal('');
  /** What was sent last, in which the errors are. */
  const sent = useSignal('');
  const id = useId();
  useEffect(() => () => run.stop(), [run]);
  const state = run.state.value;
  const running = state === 'running';
  const showsResult = state !== 'idle' && (state !== 'failed' || run.changes.value > 0);

  /** The document's fields; nothing if the inputs are no JSON. */
  const document = () => {
    inputsWrong.value = '';
    sent.value = text.value;
    run.error.value = explanation.value = null;
    if (!inputs.value.trim()) return { sql: text.value };
    try {
      return { sql: text.value, inputs: JSON.parse(inputs.value) as unknown };
    } catch (error) {
      inputsWrong.value = `The inputs are no JSON: ${(error as Error).message}`;
      return undefined;
    }
  };
  const start = () => {
    const fields = document();
    if (!fields) return;
    const { start, until } = options.value;
    void run.start({ ...fields, start, until: until || null, max: MAX });
  };
  const explain = async () => {
    const fields = document();
    if (!fields) return;
    run.stop();
    try {
      const body = JSON.stringify({ kind: 'Query', name: 'ad-hoc', ...fields, start: options.value.start });
      explanation.value = await change<Explanation>('POST', 'api/v1/query/explain', body);
    } catch (error) {
      run.error.value = error;
    }
  };
  const goTo = ({ line, column }: Place) => {
    const before = text.value.split('\n').slice(0, line - 1);
    const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
    area.current?.focus();
    const word = /^\w*/.exec(text.value.slice(at))![0].length;
    area.current?.setSelectionRange(at, at + Math.max(1, word));
  };
  return (
    <>
      <SideHead title="Try SQL">
        {running ? (
          <button type="button" class="tool" onClick={() => run.stop()}>
            <Icon name="pause" />
            Stop
          </button>
        ) : (
          <button type="button" class="tool primary" disabled={!text.value.trim()} onClick={start}>
            <Icon name="play" />
            Run
          </button>
        )}
        <button type="button" class="tool" disabled={!text.value.trim()} onClick={() => void explain()}>
          Explain
        </button>
      </SideHead>
      <div class="side-body">
        <div class="fields">
          <div class="field">
            <label for={id}>SQL</label>
            <textarea
              ref={area}
              id={id}
              rows={8}
              spellcheck={false}
              value={text.value}
              aria-describedby={`${id}-hint`}
              onInput={(event) => (text.value = event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                  event.preventDefault();
                  start();
                }
                if (event.key === 'Escape') event.currentTarget.blur();
              }}
            />
            <small id={`${id}-hint`} class="hint">
              FROM names a stream, a view, or a context pattern in backticks. Ctrl+Enter runs it.
            </small>
          </div>
          <div class="run-options">
            <Choice
              label="From"
              value={options.value.start}
              options={{ earliest: 'the earliest event', latest: 'now on' }}
              onChange={(start) => (options.value = { start, until: start === 'latest' ? '' : options.value.until })}
            />
            <Choice
              label="Until"
              value={options.value.until}
              options={{ now: 'now, then it ends', '': 'it is stopped' }}
              onChange={(until) => (options.value = { ...options.value, until })}
            />
          </div>
          <details class="fold" open={inputs.value !== ''}>
            <summary>Inputs</summary>
            <textarea
              aria-label="Inputs, as JSON"
              rows={5}
              spellcheck={false}
              placeholder={'{"climate": {"pattern": "/org/**", "schema": {"celsius": "DOUBLE"}}}'}
              value={inputs.value}
              onInput={(event) => (inputs.value = event.currentTarget.value)}
            />
            {inputsWrong.value && <Problem error={inputsWrong.value} />}
          </details>
        </div>
        {run.error.value !== null && <RunError error={run.error.value} sql={sent.value} onPlace={goTo} />}
        {explanation.value && <Explained explanation={explanation.value} />}
        {showsResult && !explanation.value && <Result run={run} />}
      </div>
    </>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: Record<string, string>;
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onInput={(event) => onChange(event.currentTarget.value)}>
        {Object.entries(options).map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What is wrong, placed in the text where the server tells a place. */
function RunError({ error, sql, onPlace }: { error: unknown; sql: string; onPlace: (place: Place) => void }) {
  const told = errorOf(error);
  const place = told && placeOf(told);
  if (!told || !place) return <Problem error={error} />;
  return (
    <>
      <ErrorNote error={told} onPlace={() => onPlace(place)} />
      <SqlView sql={sql} wrong={place} label="SQL with the error marked" />
    </>
  );
}

/** The part of an error that is about the SQL; null if it is another one. */
function errorOf(error: unknown): QueryError | null {
  if (!(error instanceof ServerProblem)) return null;
  const wrong = error.errors.find(({ field }) => field === 'sql' || field?.endsWith('.sql'));
  if (!wrong) return { message: error.message };
  // The place is shown by itself.
  const told = /^line (\d+), column (\d+): ([^]*)$/.exec(wrong.detail);
  return told ? { message: told[3]!, line: Number(told[1]), column: Number(told[2]) } : { message: wrong.detail };
}

function Result({ run }: { run: Run }) {
  const { columns, rows, changed, changes, progress, state } = run;
  const shown = columns.value;
  const table = useMemo<Column<ResultRow>[]>(() => shown.map(tableColumn), [shown]);
  const running = state.value === 'running';
  return (
    <section class="block" aria-label="Result">
      <h3>Result</h3>
      {table.length > 0 && (
        <div class="result-table wide" style={{ '--columns': String(table.length) }}>
          <DataTable
            label="Result"
            columns={table}
            rows={rows.value}
            nameOf={(row) => String(row.id)}
            rowClass={(row) => (changed.value.has(row.id) ? 'changed' : '')}
          />
        </div>
      )}
      <p class="muted" role="status">
        {running && rows.value.length === 0
          ? `${progress.value || 'starting'} …`
          : `${format.count(rows.value.length)} ${rows.value.length === 1 ? 'row' : 'rows'}, ${format.count(changes.value)} ${changes.value === 1 ? 'change' : 'changes'} · ${STATES[state.value]}${state.value === 'ended' ? why(changes.value) : ''}`}
      </p>
    </section>
  );
}

/** Whether it ended because all was read, or because no more was asked for. */
const why = (changes: number) =>
  changes >= MAX ? `: no more than ${format.count(MAX)} are asked for` : ': all that was asked for has been read';

const isNumeric = (type = '') => /^(TINYINT|SMALLINT|INT|INTEGER|BIGINT|DECIMAL|NUMERIC|FLOAT|DOUBLE)\b/i.test(type);

function tableColumn({ name, type }: RunColumn): Column<ResultRow> {
  return {
    name,
    width: 'minmax(96px, 1fr)',
    class: isNumeric(type) ? 'right' : '',
    sort: ({ raw }) => sortKey(raw, name),
    cell: ({ raw }) => {
      const value = cellOf(raw, name);
      return <span title={value}>{value}</span>;
    },
  };
}
