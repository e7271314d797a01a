// A query's text with numbered lines, and a mark where it is wrong.
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';

const TOKENS =
  /(--[^\n]*)|('(?:[^']|'')*')|(`[^`]*`)|\b(\d+(?:\.\d+)?)\b|\b(select|distinct|from|where|group|by|having|order|limit|join|left|right|full|outer|inner|cross|on|and|or|not|in|is|null|as|case|when|then|else|end|between|like|union|all|with|over|partition|rows|range|interval|second|minute|hour|day|table|descriptor|tumble|hop|cumulate|session|match_recognize|values|exists|create|insert|into|for|system_time|of|lateral|unnest|true|false)\b/gi;
const KINDS = ['muted', 'json-string', 'json-literal', 'json-number', 'json-key'] as const;

export interface Place {
  line: number;
  column: number;
}

interface Props {
  sql: string;
  /** From 1 on, in characters. */
  wrong?: Place | null;
  label?: string;
}

export function SqlView({ sql, wrong = null, label = 'SQL' }: Props) {
  const lines = useMemo(() => sql.trimEnd().split('\n'), [sql]);
  return (
    <pre class="data sql" tabIndex={0} aria-label={label}>
      {lines.map((line, i) => (
        <div key={i} class={`sql-line${wrong?.line === i + 1 ? ' wrong' : ''}`} data-line={i + 1}>
          <code>{wrong?.line === i + 1 ? <Marked line={line} column={wrong.column} /> : <Coloured text={line} />}</code>
        </div>
      ))}
    </pre>
  );
}

/** The word that begins at the column, or the end of the line. */
function Marked({ line, column }: { line: string; column: number }) {
  const start = Math.max(0, Math.min(column - 1, line.length));
  const word = /^(?:\w+|`[^`]*`|'[^']*'|\S)/.exec(line.slice(start))?.[0] ?? line.slice(start, start + 1);
  return (
    <>
      <Coloured text={line.slice(0, start)} />
      <mark class="wrong-word">{word || '\u00a0'}</mark>
      <Coloured text={line.slice(start + word.length)} />
    </>
  );
}

function Coloured({ text }: { text: string }) {
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const match of text.matchAll(TOKENS)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push(<span class={KINDS[match.slice(1).findIndex((group) => group !== undefined)]!}>{match[0]}</span>);
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}
