// What the fake server knows of subscriptions, queues, dead letters and schedules: enough to show and change them.
import { matcher } from './store.mjs';

export class Refused extends Error {
  constructor(status, detail, field) {
    super(field ? `${field}: ${detail}` : detail);
    this.status = status;
    this.errors = [{ ...(field ? { field } : {}), detail }];
  }
}

const RATE_SECONDS = 10;

/** What subscriptions and queues have in common: the ledger, and how fast things are settled. */
class Group {
  state = 'active';
  waiting = 0;
  lastFailure = null;
  counts = { accepted: 0, settled: 0, filtered: 0, expired: 0, deadLettered: 0 };
  #settledAt = [];

  constructor(kind, document) {
    this.kind = kind;
    this.document = document;
  }

  settled() {
    this.counts.settled++;
    this.#settledAt.push(Date.now());
  }

  status(pending) {
    const since = Date.now() - RATE_SECONDS * 1000;
    this.#settledAt = this.#settledAt.filter((time) => time >= since);
    // What nobody asks for is not looked at.
    const unread = this.kind === 'Subscription' ? pending.length : 0;
    return {
      kind: this.kind,
      name: this.document.name,
      state: this.state,
      reason: this.state === 'paused' ? 'somebody paused it' : null,
      waiting: this.waiting,
      perSecond: this.#settledAt.length / RATE_SECONDS,
      lastFailure: this.lastFailure,
      ledger: {
        ...this.counts,
        accepted: this.counts.accepted - unread,
        pending: pending.length - unread,
        leased: pending.filter((job) => job.state === 'leased').length,
        delayed: pending.filter((job) => job.state === 'scheduled').length,
        deferred: 0,
        unread,
        ...(pending.length > 0 ? { oldestPending: pending[0].recordedtime } : {}),
      },
    };
  }
}

export class Broker {
  subscriptions = new Map();
  queues = new Map();
  schedules = new Map();
  letters = [];
  #numbers = 0;

  get(kinds, name) {
    const found = this[kinds].get(name);
    if (!found) throw new Refused(404, `there is no ${kinds.slice(0, -1)} ${name}`);
    return found;
  }

  put(kinds, name, fields) {
    const document = { kind: { subscriptions: 'Subscription', queues: 'Queue', schedules: 'Schedule' }[kinds], name };
    Object.assign(document, fields);
    const before = this[kinds].get(name);
    if (before) before.document = document;
    else this[kinds].set(name, Object.assign(new Group(document.kind, document), { pending: [] }));
    return document;
  }

  ledger() {
    return [...this.subscriptions.values(), ...this.queues.values()].map((group) => group.status(group.pending));
  }

  /** Counts a published event for those that look at it. */
  published(context, event) {
    for (const subscription of this.subscriptions.values()) {
      subscription.counts.accepted++;
      if (explain(subscription.document, context, event).wanted)
        subscription.pending.push({ state: 'ready', recordedtime: new Date().toISOString(), event, context });
      else subscription.counts.filtered++;
    }
  }

  /** Puts a job in; `raw` is its text. */
  enqueue(name, raw) {
    const queue = this.get('queues', name);
    const event = JSON.parse(raw);
    for (const field of ['id', 'source', 'type']) if (!event[field]) throw new Refused(400, 'is missing', field);
    const twin = queue.pending.find((job) => job.event.id === event.id && job.event.source === event.source);
    if (twin) return { number: twin.number, duplicate: true };
    const number = `${event.priority ?? 4}-${this.#numbers++}`;
    const scheduled = event.scheduledtime && Date.parse(event.scheduledtime) > Date.now();
    queue.pending.push({
      number,
      state: scheduled ? 'scheduled' : 'ready',
      ...(scheduled ? { until: event.scheduledtime } : {}),
      deliveries: 0,
      failures: 0,
      recordedtime: new Date().toISOString(),
      event,
      raw,
    });
    queue.counts.accepted++;
    return { number, duplicate: false };
  }

  receive(name, max) {
    const queue = this.get('queues', name);
    const ready = queue.state === 'active' ? queue.pending.filter((job) => job.state === 'ready').slice(0, max) : [];
    for (const job of ready) {
      job.state = 'leased';
      job.deliveries++;
      job.until = new Date(Date.now() + 60_000).toISOString();
    }
    return ready.map((job) => ({ token: job.number, number: job.number, event: job.event }));
  }

  settle(name, { token, action, reason }) {
    const queue = this.get('queues', name);
    const job = queue.pending.find((each) => each.number === token && each.state === 'leased');
    if (!job) return { token, outcome: 'unknown', detail: 'no such lease was ever given here' };
    queue.pending = queue.pending.filter((each) => each !== job);
    if (action !== 'reject') {
      queue.settled();
      return { token, outcome: 'done' };
    }
    queue.lastFailure = `${new Date().toISOString()}: ${reason}`;
    this.bury(queue, job.raw, { reason: 'rejected', detail: reason, attempts: job.deliveries });
    return { token, outcome: 'dead-lettered' };
  }

  bury(group, raw, why) {
    const now = new Date().toISOString();
    group.counts.deadLettered++;
    this.letters.push({
      id: `letter.${this.#numbers++}`,
      kind: group.kind,
      name: group.document.name,
      ...why,
      first: now,
      last: now,
      position: {
        stream: group.kind === 'Queue' ? group.document.name : 'events',
        partition: 0,
        offset: this.#numbers,
      },
      resubmissions: 0,
      context: why.context ?? `/queues/${group.document.name}`,
      event: JSON.parse(raw),
      raw,
    });
  }

  search({ kind, name, reason, since, until, context, type, text }) {
    if (since && Number.isNaN(Date.parse(since))) throw new Refused(400, 'must be a time', 'since');
    if (context && !context.startsWith('/')) throw new Refused(400, 'must begin with a slash', 'context');
    const matches = context ? matcher(context) : () => true;
    return this.letters.filter(
      (letter) =>
        (!kind || letter.kind === kind) &&
        (!name || letter.name === name) &&
        (!reason || letter.reason === reason) &&
        (!since || Date.parse(letter.last) >= Date.parse(since)) &&
        (!until || Date.parse(letter.last) < Date.parse(until)) &&
        matches(letter.context) &&
        (!type || isOfType(type, letter.event.type)) &&
        (!text || `${letter.detail}\n${letter.event.id}\n${letter.event.subject ?? ''}`.includes(text)),
    );
  }

  /** Takes letters away, and gives each to `each` first, which may refuse it. */
  takeLetters({ ids, search }, each) {
    const problems = [];
    let done = 0;
    for (const id of ids ?? this.search(search).map((letter) => letter.id)) {
      const letter = this.letters.find((candidate) => candidate.id === id);
      if (!letter) {
        problems.push(`${id}: there is no such dead letter`);
        continue;
      }
      try {
        each(letter);
        this.letters = this.letters.filter((other) => other !== letter);
        done++;
      } catch (error) {
        problems.push(`${id}: ${error.message}`);
      }
    }
    return { done, problems };
  }

  resubmit(letter, raw) {
    const event = JSON.parse(raw);
    for (const field of ['id', 'source', 'type'])
      if (!event[field]) throw new Refused(400, 'is missing', `event.${field}`);
    if (letter.kind === 'Queue') this.enqueue(letter.name, raw);
    else {
      const subscription = this.get('subscriptions', letter.name);
      subscription.counts.accepted++;
      subscription.pending.push({ state: 'ready', recordedtime: new Date().toISOString(), event });
    }
  }
}

const isOfType = (wanted, type) => (wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted);

/** Why a subscription wants an event or not. */
export function explain({ pattern, types = [], source }, context, event) {
  const clause = (path, text, matches, found, parts = []) => ({
    path,
    clause: text,
    matches,
    decisive: true,
    ...(found === undefined ? {} : { found }),
    detail: matches ? 'it matches' : 'it does not match',
    parts,
  });
  const each = types.map((type, i) => clause(`types[${i}]`, `type is ${type}`, isOfType(type, event.type), event.type));
  const parts = [
    clause('pattern', `the context is covered by "${pattern}"`, matcher(pattern)(context), context),
    clause('types', 'one of the types must match', each.length === 0 || each.some((c) => c.matches), undefined, each),
    clause('source', `source is ${source ?? 'any'}`, !source || source === event.source, event.source),
  ];
  const wanted = parts.every((part) => part.matches);
  for (const part of parts) part.decisive = part.matches === wanted;
  return { wanted, why: clause('subscription', 'pattern, types and source must match', wanted, undefined, parts) };
}
