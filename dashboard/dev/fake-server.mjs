#!/usr/bin/env node
// A stand-in for the server while the dashboard is worked on: the HTTP API over a simulated building, all in memory.
//   node dev/fake-server.mjs [--port 8089] [--mode building|stress|empty]
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Broker } from './broker.mjs';
import { brokerRoutes } from './broker-routes.mjs';
import { Queries } from './queries.mjs';
import { queryRoutes } from './query-routes.mjs';
import { react } from './reactions.mjs';
import { Store, matcher } from './store.mjs';
import { flood, live, sensors } from './building.mjs';

const POLICY =
  "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; script-src 'self'; style-src 'self'";
const PAGE = fileURLToPath(new URL('../target/page/dashboard', import.meta.url));
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '8089' }, mode: { type: 'string', default: 'building' } },
});
const store = new Store();
const broker = new Broker();
store.followers.add({
  offer: ({ path, text }) => broker.subscriptions.size > 0 && broker.published(path, JSON.parse(text).event),
});
const queries = new Queries(store);
const routeBroker = brokerRoutes(broker, store);
const routeQueries = queryRoutes(queries, store, json);
if (options.mode === 'building') react(broker, queries);
if (options.mode === 'building') live(sensors(3, 8), (path, event) => store.publish(path, event));
if (options.mode === 'stress') flood(sensors(50, 50), 5000, (path, event) => store.publish(path, event));

const server = createServer((request, response) => {
  route(request, response).catch((error) => {
    if (!response.headersSent) problem(response, error.status ?? 500, error.message, error.errors);
    else response.destroy();
  });
});
server.listen(Number(options.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));

async function route(request, response) {
  const url = new URL(request.url, 'http://127.0.0.1');
  const path = url.pathname;
  const post = request.method === 'POST';
  if (post && (path === '/events' || path.startsWith('/events/'))) return publish(request, response, path);
  if (path.startsWith('/tail/')) return follow(request, response, url);
  if (await routeQueries(request, response, url)) return;
  const brokered = await routeBroker(request, url);
  if (brokered) return answer(response, brokered.answer);
  const read = /^\/streams\/([^/]+)\/events$/.exec(path);
  if (read) return readStream(response, read[1], url);
  switch (path) {
    case '/':
    case '/dashboard':
      return response.writeHead(302, { Location: '/dashboard/' }).end();
    case '/health/ready':
      return json(response, { status: 'ready', problems: [] });
    case '/api/v1/server':
      return json(response, { name: 'millrace', version: '0.1.0', started: store.started, limits: {} });
    case '/api/v1/streams':
      return json(response, {
        items: store.streams.map(({ name, mount, durability, retention, partitions }) => ({
          kind: 'Stream',
          name,
          mount,
          durability,
          retention,
          partitions: partitions.length,
        })),
      });
    case '/api/v1/status':
      return json(response, { time: new Date(), streams: store.streams.map(status) });
    case '/api/v1/contexts':
      return contexts(response, url);
    case '/api/v1/contexts/latest': {
      const text = store.find(url.searchParams.get('context'))?.latestText;
      return text
        ? response.writeHead(200, { 'Content-Type': 'application/json' }).end(text)
        : problem(response, 404, 'There is no event in this context');
    }
    default:
      return path.startsWith('/dashboard/') ? page(response, path) : problem(response, 404, `There is no ${path}`);
  }
}

function status({ name, mount, durability, partitions }) {
  const sum = (field) => partitions.reduce((total, p) => total + p[field], 0);
  return { name, mount, durability, events: sum('end') - sum('start'), bytes: sum('bytes'), partitions };
}

function contexts(response, url) {
  const limit = Number(url.searchParams.get('limit') ?? 1000);
  const after = url.searchParams.get('after') ?? '';
  const unders = url.searchParams.getAll('under');
  const parents = (unders.length ? unders : ['/']).map((under) => {
    const children = [...(store.find(under)?.children ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    const rest = after ? children.filter(([name]) => name > after) : children;
    return {
      context: under,
      total: children.length,
      more: rest.length > limit,
      children: rest.slice(0, limit).map(([name, node]) => ({
        name,
        context: node.context,
        children: node.children.size,
        contexts: node.contexts,
        published: node.published,
        ...(node.latest ? { latest: latest(node.latest) } : {}),
      })),
    };
  });
  json(response, { time: new Date(), contexts: store.root.contexts, published: store.root.published, parents });
}

function latest({ stream, partition, offset, recorded, event }) {
  const { type, id, source, data } = event;
  const preview = (typeof data === 'string' ? data : (JSON.stringify(data) ?? '')).slice(0, 120);
  return { recorded, type, id, source, stream, partition, offset, preview };
}

function follow(request, response, url) {
  const matches = matcher(decodeURIComponent(url.pathname.slice('/tail'.length)));
  const from = request.headers['last-event-id'] ?? url.searchParams.get('from') ?? 'next';
  const history = store.since(from);
  if (!history) return problem(response, 400, `from: ${from} is no starting point`);
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(':\n\n');
  let pending = '';
  const flush = () => {
    if (response.writableLength < 1_000_000) {
      response.write(pending);
      pending = '';
    } else if (pending.length < 8_000_000) {
      setTimeout(flush, 20);
    } else {
      response.end('event: problem\ndata: {"type":"https://millrace.dev/problems/slow-consumer"}\n\n');
      store.followers.delete(follower);
    }
  };
  const follower = {
    offer(stored) {
      if (!matches(stored.path)) return;
      if (!pending) setTimeout(flush, 2);
      pending += `id: fake:${stored.sequence + 1}\ndata: ${stored.text}\n\n`;
    },
  };
  history.forEach((stored) => follower.offer(stored));
  store.followers.add(follower);
  const alive = setInterval(() => response.write(':\n\n'), 15_000);
  response.on('close', () => {
    clearInterval(alive);
    store.followers.delete(follower);
  });
}

function readStream(response, name, url) {
  const matches = matcher(url.searchParams.get('pattern') ?? '/**');
  const found = store
    .since(url.searchParams.get('from') ?? 'first')
    ?.filter((e) => matches(e.path) && JSON.parse(e.text).stream === name)
    .slice(0, Number(url.searchParams.get('max') ?? 1000));
  if (!found) return problem(response, 400, 'from: is no starting point');
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  response.end(found.map((e) => `${e.text}\n`).join(''));
}

async function publish(request, response, path) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  const given = path.length > '/events/'.length ? decodeURIComponent(path.slice('/events'.length)) : undefined;
  const batch = type.startsWith('application/cloudevents-batch+json');
  let events;
  if (batch) events = JSON.parse(body);
  else if (type.startsWith('application/cloudevents+json')) events = [JSON.parse(body)];
  else events = [binary(request.headers, type, body)];
  for (const event of events) {
    if (!event.id || !event.source || !event.type) return problem(response, 400, 'id, source and type are needed');
    if (!given && !event.source.startsWith('/')) return problem(response, 400, 'The context is missing');
  }
  const stored = events.map((event) => store.publish(given ?? event.source, event, body.toString()));
  json(response, batch ? stored : stored[0], 202);
}

function binary(headers, type, body) {
  const event = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-')) event[name.slice(3)] = decodeURIComponent(value);
  }
  if (type) event.datacontenttype = type;
  if (/json/.test(type)) event.data = '@EXACT@';
  else if (/^text\//.test(type)) event.data = body.toString();
  else if (body.length) event.data_base64 = body.toString('base64');
  return event;
}

async function page(response, path) {
  const file = join(PAGE, normalize(path.slice('/dashboard'.length)).replace(/\/$/, '/index.html'));
  const content = await readFile(file).catch(() => undefined);
  if (!content) return problem(response, 404, `There is no ${path}`);
  response.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': path.startsWith('/dashboard/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(content);
}

function json(response, body, code = 200) {
  response.writeHead(code, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** What the broker gave: an object, or JSON text, in which numbers are as they were sent; nothing is 204. */
function answer(response, body) {
  if (body === undefined) return response.writeHead(204).end();
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function problem(response, code, detail, errors = [{ detail }]) {
  response.writeHead(code, { 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title: 'Not done', status: code, detail, errors }));
}
