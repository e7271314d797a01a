// What the fake server knows of queries and views: enough to show them living, failing and being paused.
import { Refused } from './broker.mjs';
import { Folding, planOf, read, segmentOf, SqlProblem, typeOf } from './sql.mjs';

const RATE_SECONDS = 5;
const STARTING_MS = 700;
const LATE_MS = 10_000;
const EMIT_EVERY_MS = 1000;
const CHECKPOINT_EVERY_MS = 5000;

const fill = (template, row) => template.replace(/\{(\w+)\}/g, (_, name) => String(row[name] ?? ''));

export class Queries {
  queries = new Map();
  views = new Map();
  #store;

  constructor(store) {
    this.#store = store;
    store.followers.add({ offer: (stored) => this.#offer(stored) });
    setInterval(() => this.queries.forEach((query) => query.tick()), 250).unref();
  }

  /** Events of an input, from all that is stored. */
  samples = ({ pattern, types }) => {
    const { wants } = read({ sql: `SELECT 1 FROM \`${pattern}\`` }, () => []);
    return this.#store.events
      .slice(-2000)
      .filter(({ path }) => wants(path, {}))
      .map(({ path, text }) => ({ path, event: JSON.parse(text).event }))
      .filter(({ event }) => !types?.length || types.includes(event.type));
  };

  /** The query, or what is wrong with it as the server says it. */
  read(document) {
    try {
      return read(document, this.samples);
    } catch (error) {
      if (!(error instanceof SqlProblem)) throw error;
      throw new Refused(422, `line ${error.line}, column ${error.column}: ${error.message}`, 'sql');
    }
  }

  get(kinds, name) {
    const found = this[kinds].get(name);
    if (!found) throw new Refused(404, `there is no ${kinds === 'views' ? 'view' : 'query'} ${name}`);
    return found;
  }

  put(kinds, name, fields) {
    const document = { kind: kinds === 'views' ? 'View' : 'Query', name, ...fields };
    if (kinds === 'views') this.views.set(name, new View(document, this.queries));
    else this.queries.set(name, new Query(document, this.read(document), this.#store, this.views));
    return document;
  }

  /** Publishes a row of a query at once, so that its context is there from the start. */
  first(name, row) {
    this.get('queries', name).emit(row);
  }

  #offer({ path, text }) {
    if (this.queries.size === 0 && this.views.size === 0) return;
    const { event } = JSON.parse(text);
    for (const query of this.queries.values()) query.take(path, event);
    for (const view of this.views.values()) view.take(path, event, text);
  }
}

class Query {
  state = 'starting';
  since = new Date();
  counts = { input: 0, counted: 0, corrected: 0, late: 0, invalid: 0, output: 0 };
  restarts = 0;
  error = null;
  #times = { input: [], output: [] };
  #due = new Map();
  #emitted = 0;
  #watermark = 0;
  #checkpoint = { last: null, durationMillis: null, bytes: null, completed: 0, failed: 0 };

  constructor(document, query, store, views) {
    Object.assign(this, { document, query, store, views });
    this.folding = new Folding(query);
  }

  set(state) {
    this.state = state;
    this.since = new Date();
  }

  take(path, event) {
    if (this.state !== 'running' || path.startsWith('/derived/') || !this.query.wants(path, event)) return;
    this.#count('input');
    const time = Date.parse(event.time ?? '') || Date.now();
    if (event.data === null || typeof event.data !== 'object') return void this.counts.invalid++;
    if (time < this.#watermark - LATE_MS) return void this.counts.late++;
    this.#watermark = Math.max(this.#watermark, time - 1000);
    this.counts.counted++;
    if (this.query.failure) return this.#fail(this.query.failure);
    for (const [op, row] of this.folding.take(path, event)) {
      if (op.startsWith('+'))
        this.#due.set(this.query.grouped ? JSON.stringify(Object.values(row)[0]) : this.counts.input, row);
    }
  }

  #fail({ message, line, column }) {
    this.restarts = 3;
    this.error = { message, line, column, at: new Date(), restarts: 3 };
    this.set('failed');
  }

  tick() {
    const now = Date.now();
    if (this.state === 'starting' && now - this.since > STARTING_MS) this.set('running');
    if (this.state !== 'running') return;
    if (now - (this.#checkpoint.last ?? this.since) > CHECKPOINT_EVERY_MS) this.savepoint();
    if (now - this.#emitted < EMIT_EVERY_MS) return;
    this.#emitted = now;
    const due = [...this.#due.values()];
    this.#due.clear();
    for (const row of due) this.emit(row);
  }

  emit(row) {
    const { context, type, view, subject } = this.document.output ?? {};
    this.#count('output');
    if (view) return this.views.get(view)?.set(String(Object.values(row)[0]), JSON.stringify(row));
    if (!context) return;
    this.store.publish(fill(context, row), {
      specversion: '1.0',
      id: `${this.document.name}-${this.counts.output}`,
      source: `/queries/${this.document.name}`,
      type: type ?? 'millrace.query.result',
      ...(subject ? { subject: fill(subject, row) } : {}),
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: row,
    });
  }

  #count(what) {
    this.counts[what]++;
    this.#times[what].push(Date.now());
  }

  #rate(what) {
    const since = Date.now() - RATE_SECONDS * 1000;
    this.#times[what] = this.#times[what].filter((time) => time >= since);
    return this.#times[what].length / RATE_SECONDS;
  }

  pause() {
    if (this.state === 'paused') return;
    this.savepoint();
    this.set('paused');
  }

  resume() {
    this.error = null;
    this.set('starting');
  }

  savepoint() {
    const { completed, failed } = this.#checkpoint;
    const bytes = 1024 + this.counts.counted;
    this.#checkpoint = { last: new Date(), durationMillis: 12, bytes, completed: completed + 1, failed };
  }

  status() {
    const rates = { input: this.#rate('input'), output: this.#rate('output') };
    const { document, state, error, restarts, counts } = this;
    const going = state === 'running';
    const sink = document.output?.context ?? `view ${document.output?.view}`;
    return {
      name: document.name,
      state,
      ...(state === 'starting' ? { progress: 'starting the query engine' } : {}),
      since: this.since,
      error,
      sql: document.sql,
      restarts,
      counts,
      rates,
      lag: { events: 0, watermarkMillis: this.#watermark ? 1000 : 0 },
      watermark: this.#watermark ? new Date(this.#watermark) : null,
      stateBytes: 8192 + counts.counted * 3,
      checkpoint: this.#checkpoint,
      warnings: this.query.grouped && !/tumble|hop|session/i.test(document.sql) ? [GROWS] : [],
      plan: planOf(this.query, going ? { ...rates, busy: Math.min(0.3, 0.02 + rates.input / 300) } : null, sink),
    };
  }
}

const GROWS = 'The state has no end: groups are kept for ever. Use a window, or give the query a time to live.';

class View {
  #entries = new Map();
  #updates = 0;
  #etags = 0;
  followers = new Set();

  constructor(document, queries) {
    Object.assign(this, { document, queries });
    this.wants = document.from
      ? read({ sql: 'SELECT 1 FROM v', inputs: { v: document.from } }, () => []).wants
      : () => false;
  }

  take(path, event, text) {
    if (!this.wants(path, event)) return;
    const raw = text.slice(text.indexOf('"event":') + 8, -1);
    this.set(keyOf(this.document.key ?? '{context}', path, event), raw);
  }

  set(key, raw) {
    this.#updates++;
    const item = { key, raw, updated: new Date().toISOString(), etag: `"${++this.#etags}"` };
    this.#entries.set(key, item);
    for (const follower of this.followers) follower('put', item);
  }

  get = (key) => this.#entries.get(key);

  list({ prefix = '', from = '', to, after = '' }) {
    return [...this.#entries.values()]
      .filter(({ key }) => key.startsWith(prefix) && key >= from && (!to || key < to) && (!after || key > after))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  status() {
    const { name, from } = this.document;
    const query = [...this.queries.values()].find((each) => each.document.output?.view === name)?.document.name;
    const bytes = [...this.#entries.values()].reduce((sum, { key, raw }) => sum + key.length + raw.length, 0);
    const fedBy = from ? { pattern: from.pattern } : query ? { query } : {};
    return {
      name,
      state: 'current',
      keys: this.#entries.size,
      bytes,
      lag: { events: 0 },
      updates: this.#updates,
      fedBy,
    };
  }
}

const keyOf = (template, path, event) =>
  template.replace(/\{([\w.]+)\}/g, (_, name) => {
    if (name === 'context') return path;
    if (name.startsWith('data.')) return String(event.data?.[name.slice(5)] ?? '');
    return name.startsWith('segment.') ? (segmentOf(path, name.slice(8)) ?? '') : String(event[name] ?? '');
  });

/** What a query would do. */
export function explain(queries, document) {
  const query = queries.read(document);
  const folding = new Folding(query);
  const rows = queries
    .samples(query.input)
    .slice(0, 50)
    .flatMap(({ path, event }) => folding.take(path, event));
  const plan = planOf(query, null, 'result');
  return {
    columns: query.columns.map((column) => ({ name: column.name, type: typeOf(column) })),
    changes: query.grouped ? 'upsert' : 'insert-only',
    key: query.grouped ? query.columns.filter((c) => !c.aggregate).map((c) => c.name) : [],
    warnings: query.grouped && !/tumble|hop|session/i.test(query.sql) ? [GROWS] : [],
    plan,
    text: plan.nodes.map((node, i) => `${'  '.repeat(i)}+- ${node.detail}`).join('\n'),
    state: queries.queries.has(document.name) ? 'kept' : 'new',
    sample: rows
      .filter(([op]) => op.startsWith('+'))
      .slice(-5)
      .map(([, row]) => row),
  };
}

/** Runs a query of the moment; gives its lines to `write` until `over` says that nobody reads, or it ends. */
export async function run(queries, store, asked, write, onClose) {
  let query;
  write({ progress: 'starting the query engine' });
  await new Promise((resolve) => setTimeout(resolve, 150));
  try {
    query = read(asked, queries.samples);
    if (query.failure) throw query.failure;
  } catch (error) {
    if (!(error instanceof SqlProblem)) throw error;
    const detail = `line ${error.line}, column ${error.column}: ${error.message}`;
    const errors = [{ code: 8003, field: 'sql', detail }];
    return write({
      error: { title: 'The query cannot be run', status: 422, code: 8003, detail: `sql: ${detail}`, errors },
    });
  }
  write({ columns: query.columns.map((column) => ({ name: column.name, type: typeOf(column) })) });
  const folding = new Folding(query);
  const max = asked.max ?? 1000;
  let sent = 0;
  const take = (path, event) => {
    if (sent >= max || !query.wants(path, event)) return;
    for (const [op, row] of folding.take(path, event)) {
      write({ op, row });
      sent++;
    }
  };
  if (asked.start !== 'latest') for (const { path, event } of queries.samples(query.input)) take(path, event);
  if (asked.until === 'now' || sent >= max) return write({ end: true });
  await new Promise((resolve) => {
    const follower = {
      offer({ path, text }) {
        take(path, JSON.parse(text).event);
        if (sent >= max) resolve();
      },
    };
    store.followers.add(follower);
    onClose(() => {
      store.followers.delete(follower);
      resolve();
    });
  });
  write({ end: true });
}
