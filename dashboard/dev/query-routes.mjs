// The HTTP API of queries and views in the fake server.
import { Refused } from './broker.mjs';
import { explain, run } from './queries.mjs';
import { matcher } from './store.mjs';

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    throw new Refused(400, 'the body is no JSON');
  }
}

const itemText = ({ key, raw, updated, etag }) =>
  `{"key":${JSON.stringify(key)},"value":${raw},"updated":"${updated}","etag":${JSON.stringify(etag)}}`;

const TYPES = { number: 'DOUBLE', boolean: 'BOOLEAN', string: 'STRING' };

/** Answers what is about queries and views, and says whether it did. */
export function queryRoutes(queries, store, json) {
  const routes = [
    ['GET', '/api/v1/(queries|views)', ([kinds]) => ({ items: [...queries[kinds].values()].map((q) => q.document) })],
    ['GET', '/api/v1/(queries|views)/([^/]+)', ([kinds, name]) => queries.get(kinds, name).document],
    [
      'PUT',
      '/api/v1/(queries|views)/([^/]+)',
      async ([kinds, name], { request }) => queries.put(kinds, name, await bodyOf(request)),
    ],
    ['DELETE', '/api/v1/(queries|views)/([^/]+)', ([kinds, name]) => void queries[kinds].delete(name)],
    ['GET', '/api/v1/(queries|views)/([^/]+)/status', ([kinds, name]) => queries.get(kinds, name).status()],
    ['POST', '/queries/([^/]+)/(pause|resume|savepoint)', ([name, verb]) => void queries.get('queries', name)[verb]()],
    ['POST', '/api/v1/query/explain', async (_, { request }) => explain(queries, await bodyOf(request))],
    ['POST', '/api/v1/query/run', runNow],
    ['POST', '/api/v1/schema/infer', infer],
    ['GET', '/views/([^/]+)', list],
    ['GET', '/views/([^/]+)/(.+)', one],
  ].map(([method, path, handle]) => ({ method, path: new RegExp(`^${path}$`), handle }));

  return async (request, response, url) => {
    for (const { method, path, handle } of routes) {
      const match = request.method === method && path.exec(url.pathname);
      if (!match) continue;
      const answer = await handle(match.slice(1).map(decodeURIComponent), {
        request,
        response,
        query: url.searchParams,
      });
      if (response.headersSent) return true;
      if (answer === undefined) response.writeHead(204).end();
      else if (typeof answer === 'string')
        response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(answer);
      else json(response, answer);
      return true;
    }
    return false;
  };

  async function runNow(_, { request, response }) {
    const asked = await bodyOf(request);
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' });
    const closing = [];
    response.on('close', () => closing.forEach((each) => each()));
    await run(
      queries,
      store,
      asked,
      (line) => response.write(`${JSON.stringify(line)}\n`),
      (each) => closing.push(each),
    );
    response.end();
  }

  async function infer(_, { request }) {
    const { pattern = '/**', samples = 1000 } = await bodyOf(request);
    const matches = matcher(pattern);
    const found = store.events
      .filter(({ path }) => matches(path))
      .slice(-samples)
      .map(({ text }) => JSON.parse(text).event.data);
    const schema = {};
    for (const data of found)
      for (const [name, value] of Object.entries(data ?? {})) schema[name] = TYPES[typeof value] ?? 'STRING';
    const optional = Object.keys(schema).filter((name) => found.some((data) => !(name in (data ?? {}))));
    return { schema, samples: found.length, optional };
  }

  function list([name], { request, response, query }) {
    const view = queries.get('views', name);
    const asked = Object.fromEntries(query);
    if (asked.follow === 'true' || request.headers.accept === 'text/event-stream') return follow(view, asked, response);
    const limit = Number(asked.limit ?? 100);
    const found = view.list(asked);
    const next = found.length > limit ? `,"next":${JSON.stringify(found[limit - 1].key)}` : '';
    return `{"items":[${found.slice(0, limit).map(itemText).join(',')}]${next}}`;
  }

  function follow(view, asked, response) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const send = (name, item) => {
      if (!item.key.startsWith(asked.prefix ?? '')) return;
      const data = name === 'put' ? itemText(item) : JSON.stringify(item);
      response.write(`event: ${name}\ndata: ${data}\n\n`);
    };
    response.write(':\n\n');
    for (const item of view.list(asked)) send('put', item);
    view.followers.add(send);
    response.on('close', () => view.followers.delete(send));
  }

  function one([name, key], { request, response }) {
    const item = queries.get('views', name).get(key);
    if (!item) throw new Refused(404, `the view ${name} has no key ${key}`);
    const same = request.headers['if-none-match'] === item.etag;
    response.writeHead(same ? 304 : 200, { 'Content-Type': 'application/json', ETag: item.etag });
    response.end(same ? '' : item.raw);
  }
}
