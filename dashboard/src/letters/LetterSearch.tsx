// The fields by which dead letters are searched.
import { useEffect, useRef } from 'preact/hooks';
import * as format from '../format';
import { letterSearch } from '../location';
import { FieldView, type Field } from '../ui/Ask';
import { REASONS } from './letters';

const words = (list: readonly string[], any: string) => ({ '': any, ...Object.fromEntries(list.map((w) => [w, w])) });

const FIELDS: Field[] = [
  { name: 'text', label: 'Text', kind: 'text' },
  { name: 'kind', label: 'Kind', kind: words(['Subscription', 'Queue'], 'any') },
  { name: 'name', label: 'Name', kind: 'text' },
  { name: 'reason', label: 'Reason', kind: words(REASONS, 'any') },
  { name: 'context', label: 'Context', kind: 'text' },
  { name: 'type', label: 'Type', kind: 'text' },
  { name: 'since', label: 'Since', kind: 'datetime-local' },
  { name: 'until', label: 'Until', kind: 'datetime-local' },
];

const PAUSE_MS = 300;

const shown = ({ kind }: Field, value: string) =>
  kind === 'datetime-local' && value ? format.localInput(Date.parse(value)) : value;

const kept = ({ kind }: Field, value: string) =>
  kind === 'datetime-local' && value ? new Date(value).toISOString() : value;

export function LetterSearch() {
  const search = letterSearch.value;
  const pending = useRef<Record<string, string>>({});
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const set = (field: Field, value: string) => {
    pending.current[field.name] = kept(field, value);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      const next = Object.entries({ ...letterSearch.value, ...pending.current }).filter(([, text]) => text !== '');
      pending.current = {};
      letterSearch.value = Object.fromEntries(next);
    }, PAUSE_MS);
  };
  const count = Object.keys(search).length;
  return (
    <details class="letter-search" open={innerWidth > 760}>
      <summary>
        Search{count > 0 && <span class="below">{count === 1 ? '1 condition' : `${count} conditions`}</span>}
      </summary>
      <form class="fields in-row" role="search" onSubmit={(event) => event.preventDefault()}>
        {FIELDS.map((field) => (
          <FieldView
            key={field.name}
            field={field}
            value={pending.current[field.name] ?? shown(field, search[field.name] ?? '')}
            onChange={(value) => set(field, value)}
          />
        ))}
        <button type="button" class="tool" disabled={count === 0} onClick={() => (letterSearch.value = {})}>
          Clear
        </button>
      </form>
    </details>
  );
}
