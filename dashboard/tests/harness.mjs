// What the tests share: a server, a browser, and a publisher. MILLRACE_URL names a running server; MILLRACE_REAL=yes
// starts real ones, as Maven has built them; without either the fake server is started.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startRealServer } from './real/processes.mjs';

const home = fileURLToPath(new URL('..', import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A server with the dashboard; `mode` is the fake server's. */
export async function startServer(mode = 'building') {
  if (process.env.MILLRACE_URL) return { url: process.env.MILLRACE_URL.replace(/\/$/, ''), stop() {} };
  if (process.env.MILLRACE_REAL) return startRealServer();
  const build = spawnSync('bash', [`${home}/build`], { stdio: 'inherit' });
  assert.equal(build.status, 0, 'the page was built');
  assert.ok(existsSync(`${home}/target/page/dashboard/theme.js`), 'the page is the dashboard');
  const child = spawn(process.execPath, [`${home}/dev/fake-server.mjs`, '--port', '0', '--mode', mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(String(line).trim()));
    child.once('exit', () => reject(new Error('the fake server ended')));
  });
  return { url, stop: () => child.kill() };
}

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });

/** A context's name that no other test uses. */
export const unique = (name) => `${name}-${randomBytes(4).toString('hex')}`;

let sequence = 0;

/** An event in the context that its source says. */
export function event(context, data, attributes = {}) {
  return {
    specversion: '1.0',
    id: `test-${++sequence}`,
    source: context,
    type: 'test.reading',
    datacontenttype: 'application/json',
    data,
    ...attributes,
  };
}

/** Publishes all or throws. `body` may be text, where its exact form matters. */
export async function publish(url, events) {
  const response = await fetch(`${url}/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/cloudevents-batch+json' },
    body: typeof events === 'string' ? events : JSON.stringify(events),
  });
  assert.equal(response.status, 202, await response.text());
}

/** Publishes one event in a context that need not be its source. */
export async function publishIn(url, context, event) {
  const response = await fetch(`${url}/events${context.split('/').map(encodeURIComponent).join('/')}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/cloudevents+json' },
    body: JSON.stringify(event),
  });
  assert.equal(response.status, 202, await response.text());
}

/** Sends something to be changed; returns what comes back, if anything does. */
export async function send(url, method, path, body) {
  const type = body?.specversion ? 'application/cloudevents+json' : 'application/json';
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url + path, { method, headers: text ? { 'Content-Type': type } : {}, body: text });
  const answer = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${answer}`);
  return answer ? JSON.parse(answer) : undefined;
}

/** A queue that no other test uses. */
export async function newQueue(url) {
  const name = unique('jobs');
  await send(url, 'PUT', `/api/v1/queues/${name}`, { lease: '1m' });
  return name;
}

/** Puts jobs into the queue and rejects them, so that they are dead letters. */
export async function reject(url, queue, jobs, reason) {
  for (const job of jobs) await send(url, 'POST', `/queues/${queue}`, job);
  const { leases } = await send(url, 'POST', `/queues/${queue}/receive?max=${jobs.length}`);
  const settlements = leases.map(({ token }) => ({ token, action: 'reject', reason }));
  await send(url, 'POST', `/queues/${queue}/settle`, { settlements });
}

/** A query over a place of its own, `/NAME/**`, which publishes to `/derived/NAME/{floor}`; or as `changes` say. */
export async function newQuery(url, changes = {}) {
  const name = unique('average');
  await send(url, 'PUT', `/api/v1/queries/${name}`, {
    inputs: { climate: { pattern: `/${name}/**`, schema: { celsius: 'DOUBLE' } } },
    sql: [
      "SELECT context_segment(context, 'floor') AS `floor`,",
      '       AVG(celsius) AS average,',
      '       COUNT(*) AS readings',
      'FROM climate',
      "GROUP BY context_segment(context, 'floor')",
    ].join('\n'),
    output: { context: `/derived/${name}/{floor}`, type: 'test.average', source: `/queries/${name}` },
    ...changes,
  });
  await until(async () => (await statusOf(url, 'queries', name)).state === 'running', 'the query runs');
  return name;
}

export const statusOf = async (url, kinds, name) => (await fetch(`${url}/api/v1/${kinds}/${name}/status`)).json();

/** A page of the dashboard that notes everything which goes wrong in it. */
export async function openPage(browser, url, hash = '', options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 }, ...options });
  const page = await context.newPage();
  page.wrong = [];
  page.requested = [];
  page.on('pageerror', (error) => page.wrong.push(`error: ${error.stack}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.wrong.push(`${message.type()}: ${message.text()}`);
  });
  page.on('request', (request) => page.requested.push(request.url()));
  await page.goto(`${url}/dashboard/${hash}`);
  return page;
}

/** Closes the page; nothing may have gone wrong, and nothing may have been asked from elsewhere. */
export async function closePage(page, url, { allowed = /^$/ } = {}) {
  const wrong = page.wrong.filter((text) => !allowed.test(text));
  const foreign = page.requested.filter((address) => !address.startsWith(`${url}/`));
  await page.context().close();
  assert.deepEqual(wrong, []);
  assert.deepEqual(foreign, []);
}

export const rowOf = (page, context) => page.locator(`[role=treeitem][data-context="${context}"]`);

/** The number of rows in a virtual list, told by its height. */
export const rowCount = (page, list, rowHeight) =>
  page.locator(`${list} .runway`).evaluate((element, height) => Math.round(element.offsetHeight / height), rowHeight);

/** Waits until `probe` gives something true, and returns it. */
export async function until(probe, what, patienceMs = 20_000) {
  const end = Date.now() + patienceMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
