import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  closePage,
  event,
  launch,
  newQuery,
  openPage,
  publish,
  rowOf,
  startServer,
  unique,
  until,
} from './harness.mjs';

const FIRST_LIMIT = 80_000;
const WHOLE_LIMIT = 230_000;
const CONTEXTS = /\/api\/v1\/contexts\?/;

let server, browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.stop();
});

test('the streams page shows every stream with its partitions, offsets, sizes and rates', async () => {
  const context = `/${unique('streams')}`;
  await publish(server.url, [event(context, {})]);
  const page = await openPage(browser, server.url, '#/streams');
  const row = page.locator('[data-stream="events"]');
  await row.waitFor();
  const status = await (await fetch(`${server.url}/api/v1/status`)).json();
  const events = status.streams.find((stream) => stream.name === 'events');
  const text = await row.innerText();
  assert.match(text, new RegExp(events.durability));
  assert.match(text, new RegExp(`${events.partitions.length} partition`));
  const button = row.getByRole('button');
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  await page.locator('.partition-row').first().waitFor();
  for (let i = 0; i < 30; i++) await publish(server.url, [event(context, { i })]);
  await until(async () => /[1-9]/.test(await row.locator('.strong').innerText()), 'a rate');
  await button.click();
  assert.equal(await button.getAttribute('aria-expanded'), 'false');
  await closePage(page, server.url);
});

test('a failed partition stands out, with its reason', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route('**/api/v1/status', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    Object.assign(body.streams[0].partitions[0], { state: 'failed', reason: 'The disk is full.' });
    await route.fulfill({ json: body });
  });
  await page.goto(`${server.url}/dashboard/#/streams`);
  const failed = page.locator('.partition-row.failed');
  await failed.waitFor();
  assert.match(await failed.innerText(), /failed\s+The disk is full\./);
  assert.match(await page.locator('.figure.bad').innerText(), /1\s+partition failed/);
  await context.close();
});

test('dark and light follow the system until the reader chooses, and the choice stays', async () => {
  const page = await openPage(browser, server.url, '', { colorScheme: 'dark' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.emulateMedia({ colorScheme: 'light' });
  await until(async () => (await ground()) !== dark, 'the page turns light with the system');
  const light = await ground();
  await page.getByRole('button', { name: 'Use the dark theme' }).click();
  await until(async () => (await ground()) === dark, 'the page turns dark');
  await page.reload();
  await page.getByRole('button', { name: 'Use the light theme' }).click();
  await until(async () => (await ground()) === light, 'the page turns light');
  await closePage(page, server.url);
});

test('a lost connection is said plainly and found again by itself', async () => {
  const context = `/${unique('lost')}`;
  await publish(server.url, [event(context, { n: 1 })]);
  const page = await openPage(browser, server.url, `#/contexts?at=${context.slice(1)}`);
  await page.locator('.event-row', { hasText: '{"n":1}' }).waitFor();
  await page.locator('.state-pill.ready').waitFor();
  const place = await page.getByRole('tree').boundingBox();
  await page.context().setOffline(true);
  await page.getByRole('alert').getByText('No connection to the server').waitFor();
  await page.locator('.state-pill.unreachable').waitFor();
  assert.deepEqual(await page.getByRole('tree').boundingBox(), place, 'nothing has moved');
  await page.context().setOffline(false);
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.locator('.state-pill.ready').waitFor();
  await publish(server.url, [event(context, { n: 2 })]);
  await page.locator('.event-row', { hasText: '{"n":2}' }).waitFor();
  assert.equal(await page.locator('.event-row', { hasText: '{"n":1}' }).count(), 1, 'nothing came twice');
  await rowOf(page, context).getByText('{"n":2}').waitFor();
  await closePage(page, server.url, { allowed: /ERR_INTERNET_DISCONNECTED|ERR_NETWORK|Failed to load resource/ });
});

test('an error of the server is shown in its own words', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(CONTEXTS, (route) =>
    route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"detail":"The index is broken."}' }),
  );
  await page.goto(`${server.url}/dashboard/`);
  await page.getByRole('alert').getByText('The server answered 500: The index is broken.').waitFor();
  await context.close();
});

/** The scripts that the page has loaded, with their bytes. */
async function scriptsOf(page) {
  const names = new Set(page.requested.filter((url) => new URL(url).pathname.endsWith('.js')));
  const sizes = [...names].map(async (url) => [url, (await (await fetch(url)).arrayBuffer()).byteLength]);
  return new Map(await Promise.all(sizes));
}

const sum = (sizes) => [...sizes.values()].reduce((a, b) => a + b, 0);

const linksOf = (page) =>
  page
    .locator('header nav a')
    .evaluateAll((links) => Object.fromEntries(links.map((link) => [link.innerText, link.getAttribute('href')])));

test('a page that cannot be loaded says so, and a reload brings it', async () => {
  const page = await openPage(browser, server.url, '');
  await page.locator('.state-pill.ready').waitFor();
  // As when the server was started anew with another build: the names of the old one are gone.
  await page.route('**/assets/QueriesPage-*.js', (route) =>
    route.fulfill({ status: 404, contentType: 'application/problem+json', body: '{"detail":"no such file"}' }),
  );
  await page.keyboard.press('7');
  const alert = page.getByRole('alert');
  await alert.getByText('This page could not be loaded').waitFor();
  await page.keyboard.press('6');
  await page.getByRole('table', { name: 'Schedules' }).waitFor();
  await page.keyboard.press('7');
  await alert.getByText('This page could not be loaded').waitFor();
  await until(() => page.evaluate(() => location.hash === '#/queries'), 'the link says where one is');
  await page.unroute('**/assets/QueriesPage-*.js');
  await alert.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('table', { name: 'Queries' }).waitFor();
  await closePage(page, server.url, { allowed: /404|Failed to (load|fetch)|MIME/ });
});

test('the names of all pages can be reached, however narrow it is', async () => {
  for (const width of [1440, 1240, 1000, 390]) {
    const page = await openPage(browser, server.url, '#/views', { viewport: { width, height: 780 } });
    const link = page.locator('header nav').getByRole('link', { name: 'Views', exact: true });
    await link.waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} is enough`);
    const box = await link.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= width, `the shown page's name is seen at ${width}`);
    await closePage(page, server.url);
  }
});

test('the content security policy holds, and the scripts are small', async () => {
  const response = await fetch(`${server.url}/dashboard/`);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe-|\*/);
  const page = await openPage(browser, server.url);
  const first = await scriptsOf(page);
  assert.ok(first.size >= 2, 'the scripts are seen');
  assert.ok(sum(first) < FIRST_LIMIT, `${[...first]} bytes of script at first`);
  const query = await newQuery(server.url);
  for (const [name, link] of Object.entries(await linksOf(page))) {
    await page.locator('header nav').getByRole('link', { name, exact: true }).click();
    await until(() => page.evaluate((to) => location.hash.startsWith(to), link), `the link of ${name}`);
    await page.locator('main .pane').first().waitFor();
  }
  await page.goto(`${server.url}/dashboard/#/queries?name=${query}`);
  await page.locator('.plan-node').first().waitFor();
  assert.ok(![...first.keys(), ...(await scriptsOf(page)).keys()].some((url) => /RoomPage/.test(url)), 'no room yet');
  await page.goto(`${server.url}/dashboard/#/room?context=/`);
  await page.locator('.room').waitFor();
  const whole = new Map([...first, ...(await scriptsOf(page))]);
  assert.ok(whole.size > first.size + 5, 'pages come when they are opened');
  assert.ok(sum(whole) < WHOLE_LIMIT, `${[...whole]} bytes of script in all`);
  const blocked = await page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (violation) => resolve(violation.violatedDirective));
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.head.append(script);
        setTimeout(() => resolve('nothing'), 2000);
      }),
  );
  assert.match(blocked, /script-src|default-src/);
  await closePage(page, server.url, { allowed: /Content Security Policy|inline script/ });
});

test('the root leads to the dashboard', async () => {
  const response = await fetch(`${server.url}/`, { redirect: 'manual' });
  assert.ok([301, 302, 303, 307, 308].includes(response.status));
  assert.match(response.headers.get('location') ?? '', /\/dashboard\/$/);
});
