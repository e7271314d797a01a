// As much of SQL as the fake server needs to look alive: one SELECT over one input, with columns, aggregates and groups.
import { matcher } from './store.mjs';

const ATTRIBUTES = ['context', 'id', 'source', 'type', 'subject', 'time', 'event_time', 'window_start', 'window_end'];

/** What is wrong with a text, and where, as the server tells it. */
export class SqlProblem extends Error {
  constructor(message, sql, index) {
    const before = sql.slice(0, index).split('\n');
    super(message);
    this.line = before.length;
    this.column = before.at(-1).length + 1;
  }
}

/** Reads a query; `samples` gives events of a pattern, in which its columns have to be. */
export function read({ sql: written = '', inputs = {} }, samples) {
  // Comments give way to blanks, so that everything stays in its place.
  const sql = written.replace(/--[^\n]*/g, (comment) => ' '.repeat(comment.length));
  const begin = /\S+/.exec(sql);
  if (!begin) throw new SqlProblem('the query is empty', sql, 0);
  if (!/^(select|with)$/i.test(begin[0]))
    throw new SqlProblem(`Encountered "${begin[0]}". Was expecting one of: "SELECT", "WITH"`, sql, begin.index);
  const match = /select\s+([\s\S]*?)\s+from\s+([\s\S]*)/i.exec(sql);
  if (!match) throw new SqlProblem('Encountered "<EOF>". Was expecting: "FROM"', sql, sql.length);
  const input = inputOf(match[2], inputs);
  if (!input) {
    const at = sql.length - match[2].length;
    throw new SqlProblem(`Object '${/\S+/.exec(match[2])?.[0]}' not found`, sql, at);
  }
  const found = samples(input);
  const fields = new Map();
  for (const { event } of found) for (const [k, v] of Object.entries(event.data ?? {})) fields.set(k, typeof v);
  const listAt = sql.indexOf(match[1]);
  const columns = split(match[1]).flatMap(({ text, at }) => {
    if (text !== '*') return [columnOf(text, fields, sql, listAt + at)];
    return [
      { name: 'context', of: 'context' },
      ...[...fields.keys()].map((name) => ({ name, of: name, kind: fields.get(name) })),
    ];
  });
  const zero = /\d+\s*\/\s*0\b/.exec(sql);
  return {
    sql,
    input,
    columns,
    grouped: /group\s+by/i.test(sql),
    failure: zero ? new SqlProblem('Division by zero', sql, zero.index) : null,
    wants: wantsOf(input),
  };
}

/** A table's name, a context pattern in backticks, or the name of an input within TABLE(…). */
function inputOf(from, inputs) {
  const pattern = /^\s*`([^`]+)`/.exec(from)?.[1];
  if (pattern) return { name: pattern, pattern };
  const given = Object.entries(inputs).find(([name]) => new RegExp(`\\b${name}\\b`, 'i').test(from));
  if (given) return { name: given[0], pattern: '/**', ...given[1] };
  return /^\s*events\b/i.test(from) ? { name: 'events', pattern: '/**' } : undefined;
}

function wantsOf({ pattern, types }) {
  const matches = matcher(pattern);
  return (path, event) => matches(path) && (!types?.length || types.includes(event.type));
}

function split(list) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= list.length; i++) {
    if (list[i] === '(') depth++;
    if (list[i] === ')') depth--;
    if (i < list.length && !(list[i] === ',' && depth === 0)) continue;
    const text = list.slice(start, i);
    parts.push({ text: text.trim(), at: start + text.search(/\S|$/) });
    start = i + 1;
  }
  return parts;
}

function columnOf(text, fields, sql, at) {
  const [, expression, alias] = /^([\s\S]*?)(?:\s+as\s+`?(\w+)`?)?$/i.exec(text);
  const aggregate = /^(avg|min|max|sum|count)\s*\(\s*(\*|\w+)\s*\)$/i.exec(expression);
  const segment = /^context_segment\s*\(\s*context\s*,\s*'(\w+)'\s*\)$/i.exec(expression);
  const name = alias ?? /(\w+)\W*$/.exec(expression)?.[1] ?? 'EXPR$0';
  if (segment) return { name, segment: segment[1] };
  const of = aggregate ? aggregate[2] : expression;
  if (/^\w+$/.test(of) && !/^\d/.test(of) && fields.size > 0 && !fields.has(of) && !ATTRIBUTES.includes(of))
    throw new SqlProblem(`Column '${of}' not found in any table`, sql, at + text.indexOf(of));
  return { name, of, kind: fields.get(of), aggregate: aggregate?.[1].toLowerCase() };
}

export function typeOf({ aggregate, kind, of, segment }) {
  if (aggregate === 'count') return 'BIGINT NOT NULL';
  if (aggregate || kind === 'number') return 'DOUBLE';
  if (kind === 'boolean') return 'BOOLEAN';
  return segment || kind || /^\w+$/.test(of) ? 'STRING' : 'INT';
}

export function segmentOf(path, name) {
  const names = path.split('/');
  const at = names.indexOf(name);
  return at >= 0 ? names[at + 1] : undefined;
}

/** Folds events into rows; each event gives what changes by it. */
export class Folding {
  #groups = new Map();

  constructor(query) {
    this.query = query;
  }

  /** The changes as [op, row]. */
  take(path, event) {
    const { columns, grouped } = this.query;
    const value = ({ of, segment }) =>
      segment ? (segmentOf(path, segment) ?? null) : of === 'context' ? path : (event.data?.[of] ?? event[of] ?? null);
    if (!grouped) return [['+I', Object.fromEntries(columns.map((c) => [c.name, value(c)]))]];
    const keys = columns.filter((c) => !c.aggregate);
    const key = JSON.stringify(keys.map(value));
    const group = this.#groups.get(key) ?? { row: null, numbers: new Map(), count: 0 };
    this.#groups.set(key, group);
    group.count++;
    const row = {};
    for (const column of columns) {
      row[column.name] = column.aggregate ? fold(column, value(column), group) : value(column);
    }
    const before = group.row;
    group.row = row;
    if (!before) return [['+I', row]];
    return JSON.stringify(before) === JSON.stringify(row)
      ? []
      : [
          ['-U', before],
          ['+U', row],
        ];
  }
}

function fold({ name, aggregate }, value, group) {
  if (aggregate === 'count') return group.count;
  const so = group.numbers.get(name) ?? { sum: 0, min: Infinity, max: -Infinity, count: 0 };
  group.numbers.set(name, so);
  if (typeof value === 'number') {
    so.sum += value;
    so.count++;
    so.min = Math.min(so.min, value);
    so.max = Math.max(so.max, value);
  }
  if (so.count === 0) return null;
  return aggregate === 'avg' ? Math.round((so.sum / so.count) * 1000) / 1000 : so[aggregate];
}

/** Sources, what is done with their rows, and where those go. */
export function planOf({ input, grouped, columns }, rates, sink) {
  const names = columns.map((c) => c.name).join(', ');
  const { input: come, output: go, busy = 0.08 } = rates ?? {};
  const live = (inRate, outRate, part) =>
    rates ? { inRate, outRate, busy: part, backpressured: part > 0.9 ? 0.7 : 0 } : {};
  const nodes = [
    {
      id: 'n1',
      name: `Source: ${input.name}`,
      detail: `Source(pattern=[${input.pattern}])`,
      parallelism: 1,
      ...live(come, come, busy),
    },
    {
      id: 'n2',
      name: 'Watermarks',
      detail: 'WatermarkAssigner(rowtime=[event_time], delay=[1 s])',
      parallelism: 1,
      ...live(come, come, busy / 2),
    },
  ];
  if (grouped)
    nodes.push({
      id: 'n3',
      name: 'GroupAggregate',
      detail: `GroupAggregate(select=[${names}])`,
      parallelism: 2,
      ...live(come, go, busy * 3),
    });
  nodes.push({
    id: 'n4',
    name: 'Calc',
    detail: `Calc(select=[${names}])`,
    parallelism: 1,
    ...live(grouped ? go : come, go, busy / 4),
  });
  nodes.push({
    id: 'n5',
    name: `Sink: ${sink}`,
    detail: `Sink(${sink})`,
    parallelism: 1,
    ...live(go, undefined, busy / 4),
  });
  const edges = nodes.slice(1).map((node, i) => ({
    from: nodes[i].id,
    to: node.id,
    ...(rates ? { rate: nodes[i].outRate ?? 0 } : {}),
    ship: node.id === 'n3' ? 'HASH' : 'FORWARD',
  }));
  return { nodes, edges };
}
