// The HTTP API of subscriptions, queues, dead letters and schedules over the fake broker.
import { explain, Refused } from './broker.mjs';

const KINDS = 'subscriptions|queues|schedules';

async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The text of one member at the top of a JSON object, as far as these tests need it: the last one. */
const lastMember = (text, name) => text.slice(text.indexOf(`"${name}":`) + name.length + 3, text.lastIndexOf('}'));

const jobText = ({ raw, event, ...job }) => `${JSON.stringify(job).slice(0, -1)},"event":${raw}}`;
const letterText = ({ raw, event, ...letter }) => jobText({ raw, ...letter });

/** Routes by method and path; each handler gets what the path's groups say and returns JSON, or its text, or nothing. */
export function brokerRoutes(broker, store) {
  const routes = [
    ['GET', `/api/v1/(${KINDS})`, ([kinds]) => ({ items: [...broker[kinds].values()].map((g) => g.document) })],
    ['GET', `/api/v1/(${KINDS})/([^/]+)`, ([kinds, name]) => broker.get(kinds, name).document],
    ['PUT', `/api/v1/(${KINDS})/([^/]+)`, ([kinds, name], { body }) => broker.put(kinds, name, JSON.parse(body))],
    ['DELETE', `/api/v1/(${KINDS})/([^/]+)`, ([kinds, name]) => void broker[kinds].delete(name)],
    [
      'GET',
      '/api/v1/(subscriptions|queues)/([^/]+)/status',
      ([kinds, name]) => broker.get(kinds, name).status(broker.get(kinds, name).pending),
    ],
    ['GET', '/api/v1/ledger', () => ({ items: broker.ledger() })],
    ['GET', '/api/v1/schedules/([^/]+)/status', ([name]) => ({ name, ...broker.get('schedules', name).times })],
    ['POST', '/(subscriptions|queues)/([^/]+)/(pause|resume)', pause],
    ['POST', '/subscriptions/([^/]+)/seek', seek],
    ['POST', '/subscriptions/([^/]+)/explain', explainEvent],
    ['POST', '/queues/([^/]+)', ([name], { body }) => ({ jobs: [broker.enqueue(name, body)] })],
    [
      'POST',
      '/queues/([^/]+)/receive',
      ([name], { query }) => ({ leases: broker.receive(name, query.get('max') ?? 1) }),
    ],
    [
      'POST',
      '/queues/([^/]+)/settle',
      ([name], { body }) => ({ results: JSON.parse(body).settlements.map((each) => broker.settle(name, each)) }),
    ],
    ['GET', '/queues/([^/]+)/jobs', jobs],
    ['DELETE', '/queues/([^/]+)/jobs/([^/]+)', cancel],
    ['POST', '/queues/([^/]+)/purge', purge],
    ['GET', '/dead-letters', letters],
    ['GET', '/dead-letters/([^/]+)', letter],
    ['POST', '/dead-letters/(resubmit|discard)', takeLetters],
  ].map(([method, path, handle]) => ({ method, path: new RegExp(`^${path}$`), handle }));

  return async (request, url) => {
    for (const { method, path, handle } of routes) {
      const match = request.method === method && path.exec(url.pathname);
      if (!match) continue;
      const asked = {
        body: await textOf(request),
        query: url.searchParams,
        type: request.headers['content-type'] ?? '',
      };
      return { answer: handle(match.slice(1).map(decodeURIComponent), asked) };
    }
    return undefined;
  };

  function pause([kinds, name, verb]) {
    broker.get(kinds, name).state = verb === 'pause' ? 'paused' : 'active';
  }

  function seek([name], { body }) {
    const subscription = broker.get('subscriptions', name);
    const { to } = JSON.parse(body);
    const time = to === 'earliest' ? 0 : to === 'latest' ? Infinity : Date.parse(to);
    if (Number.isNaN(time)) throw new Refused(400, 'must be earliest, latest, a time, or a position', 'to');
    subscription.pending = [];
    for (const key of Object.keys(subscription.counts)) subscription.counts[key] = 0;
    for (const { path, text, recorded } of store.events) {
      if (recorded < time) continue;
      const { event } = JSON.parse(text);
      subscription.counts.accepted++;
      if (explain(subscription.document, path, event).wanted)
        subscription.pending.push({ state: 'ready', recordedtime: new Date(recorded).toISOString(), event });
      else subscription.counts.filtered++;
    }
  }

  function explainEvent([name], { body, query, type }) {
    const { document } = broker.get('subscriptions', name);
    const given = JSON.parse(body);
    if (!type.startsWith('application/json')) return explain(document, query.get('context') ?? given.source, given);
    const { stream, partition, offset } = given.position;
    const stored = store.events
      .map(({ text }) => JSON.parse(text))
      .find((e) => e.stream === stream && e.partition === partition && e.offset === offset);
    if (!stored) throw new Refused(416, `stream "${stream}" has no event at ${partition}:${offset}`);
    return explain(document, stored.context, stored.event);
  }

  function jobs([name], { query }) {
    const { pending } = broker.get('queues', name);
    const after = pending.findIndex((job) => job.number === query.get('after'));
    const shown = pending.slice(after + 1, after + 1 + Number(query.get('max') ?? 100));
    return `{"jobs":[${shown.map(jobText).join(',')}]}`;
  }

  function cancel([name, number]) {
    const queue = broker.get('queues', name);
    const job = queue.pending.find((each) => each.number === number && each.state === 'scheduled');
    if (!job) throw new Refused(404, `there is no scheduled job ${number}`);
    queue.pending = queue.pending.filter((each) => each !== job);
    queue.settled();
  }

  function purge([name]) {
    const queue = broker.get('queues', name);
    const leased = queue.pending.filter((job) => job.state === 'leased');
    const purged = queue.pending.length - leased.length;
    for (let i = 0; i < purged; i++) queue.settled();
    queue.pending = leased;
    return { purged };
  }

  function letters(_, { query }) {
    const found = broker.search(Object.fromEntries(query));
    const after = found.findIndex(({ id }) => id === query.get('after')) + 1;
    const end = after + Number(query.get('max') ?? 100);
    const next = found.length > end ? `,"next":${JSON.stringify(found[end - 1].id)}` : '';
    return `{"letters":[${found.slice(after, end).map(letterText).join(',')}]${next}}`;
  }

  function letter([id]) {
    const found = broker.letters.find((each) => each.id === id);
    if (!found) throw new Refused(404, `there is no dead letter ${id}`);
    return letterText(found);
  }

  function takeLetters([verb], { body }) {
    const asked = JSON.parse(body);
    if (verb === 'discard' && !asked.reason) throw new Refused(400, 'is missing', 'reason');
    if (asked.delay && !/^\d+(ms|s|m|h|d)$/.test(asked.delay))
      throw new Refused(400, 'must be a duration such as 10s', 'delay');
    if (asked.event && asked.ids?.length !== 1) throw new Refused(400, 'goes with one id only', 'event');
    return broker.takeLetters(asked, (each) => {
      if (verb === 'resubmit') broker.resubmit(each, asked.event ? lastMember(body, 'event') : each.raw);
    });
  }
}
