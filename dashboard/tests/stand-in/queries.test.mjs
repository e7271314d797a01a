import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  closePage,
  event,
  launch,
  newQuery,
  openPage,
  publish,
  send,
  startServer,
  statusOf,
  unique,
  until,
} from '../harness.mjs';

let server, browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const rowOf = (page, name) => page.locator(`.data-row[data-name="${name}"]`);
const factOf = (page, name) =>
  page
    .locator('.fact', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })
    .first()
    .locator('dd');
const shareOf = async (page, name) =>
  Number((await page.locator(`[data-share="${name}"] b`).innerText()).replaceAll(',', ''));
const reading = (query, floor, celsius, more = {}) => event(`/${query}/floor/${floor}`, { celsius }, more);

/** The page over one query whose status is this, whatever the server has. */
async function stubbed(name, status, hash = `#/queries?name=${name}`) {
  const page = await openPage(browser, server.url, '#/schedules');
  await page.route('**/api/v1/queries', (route) =>
    route.fulfill({ json: { items: [{ kind: 'Query', name, sql: status.sql }] } }),
  );
  await page.route(`**/api/v1/queries/${name}/status`, (route) =>
    route.fulfill({ json: { ...STATUS, name, ...status } }),
  );
  await page.route(`**/api/v1/queries/${name}`, (route) => route.fulfill({ json: { kind: 'Query', name } }));
  await page.goto(`${server.url}/dashboard/${hash}`);
  return page;
}

const STATUS = {
  state: 'running',
  since: '2026-11-23T05:00:00Z',
  error: null,
  sql: 'SELECT floor,\n       celcius AS average\nFROM climate',
  restarts: 0,
  counts: { input: 1200, counted: 1190, corrected: 2, late: 5, invalid: 3, output: 40 },
  rates: { input: 100, output: 2 },
  lag: { events: 17, watermarkMillis: 1200 },
  watermark: '2026-11-23T05:00:00Z',
  stateBytes: 10240,
  checkpoint: { last: '2026-11-23T05:00:00Z', durationMillis: 12, bytes: 2048, completed: 10, failed: 1 },
  warnings: [],
  plan: {
    nodes: [
      {
        id: 'a',
        name: 'Source: climate',
        detail: 'Source(climate)',
        parallelism: 1,
        inRate: 100,
        outRate: 100,
        busy: 0.1,
        backpressured: 0.95,
      },
      {
        id: 'b',
        name: 'Source: rooms',
        detail: 'Source(rooms)',
        parallelism: 1,
        inRate: 1,
        outRate: 1,
        busy: 0,
        backpressured: 0,
      },
      {
        id: 'c',
        name: 'A join that has a name too long for its box',
        detail: 'Join(all of it)',
        parallelism: 4,
        inRate: 101,
        outRate: 2,
        busy: 0.97,
        backpressured: 0,
      },
    ],
    edges: [
      { from: 'a', to: 'c', rate: 100, ship: 'HASH' },
      { from: 'b', to: 'c', rate: 1, ship: 'BROADCAST' },
      { from: 'gone', to: 'c', rate: 1, ship: 'HASH' },
    ],
  },
};

test('the list tells state, rates, lag and output, and keeps up', async () => {
  const name = await newQuery(server.url);
  const page = await openPage(browser, server.url, '#/queries');
  await page.getByRole('searchbox').fill(name);
  const row = rowOf(page, name);
  await row.getByText('running').waitFor();
  assert.equal(await page.locator('.data-row').count(), 1, 'the others are filtered away');
  assert.ok((await row.innerText()).includes(`/derived/${name}/{floor}`), 'where it goes');
  for (let i = 0; i < 4; i++) await publish(server.url, [reading(name, 1, 20 + i), reading(name, 2, 20)]);
  await until(async () => /[1-9]/.test(await row.locator('.rate-cell').innerText()), 'a rate of input');
  await closePage(page, server.url);
});

test('the balance adds up, late and invalid events included; pause, resume and savepoint work', async () => {
  const name = await newQuery(server.url, {
    eventTime: { late: 'drop-to context', lateContext: `/late/${unique('x')}` },
  });
  const page = await openPage(browser, server.url, `#/queries?name=${name}`);
  await publish(server.url, [reading(name, 1, 20), reading(name, 1, 22, { time: new Date().toISOString() })]);
  await publish(server.url, [reading(name, 1, 20, { time: '2020-01-01T00:00:00Z' })]);
  await publish(server.url, [event(`/${name}/floor/1`, 'no object', { datacontenttype: 'text/plain' })]);
  await page.getByRole('img', { name: /^Of 4 events taken in: 2 counted, 0 corrected, 1 late, 1 invalid$/ }).waitFor();
  const { counts } = await statusOf(server.url, 'queries', name);
  assert.equal(counts.input, counts.counted + counts.corrected + counts.late + counts.invalid);
  assert.equal(await shareOf(page, 'late'), 1);
  assert.equal(await page.locator('.balance-off').count(), 0);

  await page.getByRole('button', { name: 'Savepoint' }).click();
  await page.getByText(`The state of ${name} is saved.`).waitFor();
  await until(async () => /just now|s ago/.test(await factOf(page, 'checkpoint').innerText()), 'a checkpoint');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(`${name} is paused; its state is kept.`).waitFor();
  await page.locator('.facts .mark.paused').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Savepoint' }).isDisabled(), true);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.locator('.facts .mark.running').waitFor();
  await page.locator('[data-share="late"]').getByRole('button', { name: 'show them' }).click();
  await page.getByRole('tree').waitFor();
  await closePage(page, server.url);
});

test('the results are shown as they come, with a number over time, and each can be opened', async () => {
  const name = await newQuery(server.url);
  const page = await openPage(browser, server.url, `#/queries?name=${name}`);
  const results = page.getByRole('region', { name: 'Results' });
  await results.getByText(`/derived/${name}/*`).waitFor();
  await publish(server.url, [reading(name, 1, 20), reading(name, 2, 10)]);
  const rows = results.locator('.event-row');
  await until(async () => (await rows.count()) >= 2, 'two results');
  await publish(server.url, [reading(name, 1, 30)]);
  const third = rows.filter({ hasText: '"average":25' });
  await third.waitFor();
  await results.getByLabel('Over time', { exact: true }).selectOption('readings');
  await results.getByRole('img', { name: 'readings over time' }).waitFor();
  assert.deepEqual(await results.locator('.legend li').allInnerTexts(), ['1', '2']);
  assert.ok((await results.locator('.number-chart path.line').count()) >= 1, 'a line is drawn');
  await results.getByRole('listbox').hover();
  await publish(server.url, [reading(name, 1, 100)]);
  await results.getByText('1 new, shown when the pointer leaves the list').waitFor();
  await third.click();
  const opened = page.getByRole('region', { name: 'Event', exact: true });
  await opened.getByText(`/queries/${name}`).waitFor();
  assert.match(await opened.getByLabel('Data').innerText(), /"average": 25/);
  await page.mouse.move(5, 5);
  await rows.filter({ hasText: '"average":50' }).waitFor();
  await closePage(page, server.url);
});

test('a query that fills a view shows the table of the view', async () => {
  const view = unique('averages');
  await send(server.url, 'PUT', `/api/v1/views/${view}`, {});
  const name = await newQuery(server.url, { output: { view } });
  await publish(server.url, [reading(name, 1, 20), reading(name, 2, 10)]);
  const page = await openPage(browser, server.url, `#/queries?name=${name}`);
  const table = page.getByRole('table', { name: `Keys of ${view}` });
  await until(async () => (await table.locator('.data-row').count()) === 2, 'two keys');
  await publish(server.url, [reading(name, 1, 40)]);
  await table.locator('.data-row', { hasText: '30' }).waitFor();
  await page.getByRole('link', { name: view }).click();
  await page.getByRole('heading', { name: view }).waitFor();
  await page.locator('.view-facts').getByRole('link', { name }).waitFor();
  await closePage(page, server.url);
});

test('a failed query marks the place in its SQL, and says since when and after what', async () => {
  const error = {
    message: "Column 'celcius' not found in any table",
    line: 2,
    column: 8,
    at: '2026-11-23T05:00:00Z',
    restarts: 3,
  };
  const page = await stubbed('broken', { state: 'failed', error, restarts: 3, plan: null });
  const alert = page.locator('.side-body').getByRole('alert');
  await alert.getByText('line 2, column 8').waitFor();
  assert.match(await alert.innerText(), /celcius' not found in any table · 2026-11-23 .*, after 3 restarts/);
  assert.equal(await page.locator('.sql-line.wrong').getAttribute('data-line'), '2');
  assert.equal(await page.locator('.wrong-word').innerText(), 'celcius');
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  await rowOf(page, 'broken').getByText('failed').waitFor();
  await page.locator('.list-pane').getByText('· 1 failed').waitFor();
  assert.equal(await page.getByRole('region', { name: 'Plan' }).count(), 0, 'nothing is drawn where there is no plan');
  await closePage(page, server.url);
});

test('progress, warnings and a balance that is off are told', async () => {
  const page = await stubbed('slow', {
    state: 'starting',
    progress: 'starting the query engine',
    warnings: ['The state grows without end.'],
    counts: { ...STATUS.counts, input: 1207 },
    watermark: null,
    checkpoint: null,
  });
  await page.getByText('The state grows without end.').waitFor();
  await page.locator('.facts .mark.starting', { hasText: 'starting the query engine' }).waitFor();
  await page.getByText('7 more came in than these are').waitFor();
  assert.equal(await factOf(page, 'watermark').innerText(), 'none yet');
  assert.equal(await factOf(page, 'checkpoint').innerText(), 'none yet');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await closePage(page, server.url);
});

test('the plan shows rates on its edges, and what is busy or held back; a step opens by keyboard', async () => {
  const page = await stubbed('planned', {});
  const plan = page.getByRole('group', { name: 'Plan of planned' });
  const join = plan.getByRole('button', {
    name: /^A join that has a name too long for its box, in 101\/s, out 2.0\/s, busy 97 %/,
  });
  await join.waitFor();
  assert.match(await join.innerText().catch(() => join.textContent()), /A join that .*…/);
  assert.equal(await plan.locator('[data-edge="a c"] text').textContent(), '100/s · hash');
  assert.equal(await plan.locator('[data-edge="b c"] text').textContent(), '1.0/s · broadcast');
  assert.equal(await plan.locator('.plan-edge').count(), 2, 'an edge from nowhere is not drawn');
  assert.equal(await plan.locator('.plan-node.strained').count(), 2, 'one is busy, one is held back');
  const above = await plan.locator('[data-node="a"]').boundingBox();
  assert.ok(above.y + above.height < (await join.boundingBox()).y, 'sources are on top');
  await join.focus();
  await page.keyboard.press('Enter');
  assert.equal(await join.getAttribute('aria-expanded'), 'true');
  await page.locator('.plan-detail').getByText('Join(all of it)').waitFor();
  for (const [key, value] of Object.entries({ counted: 1190, corrected: 2, late: 5, invalid: 3 }))
    assert.equal(await shareOf(page, key), value);
  assert.match(await factOf(page, 'watermark').innerText(), /1\.2 s behind/);
  assert.match(await factOf(page, 'checkpoint').innerText(), /took 12 ms, 2\.0 kB/);
  assert.match(await factOf(page, 'checkpoints').innerText(), /10 completed, 1 failed/);
  await closePage(page, server.url);
});

test('a server without queries says so; one that has none tells how to make one', async () => {
  const page = await openPage(browser, server.url, '#/schedules');
  await page.route('**/api/v1/queries', (route) => route.fulfill({ json: { items: [] } }));
  await page.goto(`${server.url}/dashboard/#/queries`);
  await page.getByText('There are no queries yet.').waitFor();
  await page.unroute('**/api/v1/queries');
  await page.route('**/api/v1/queries', (route) =>
    route.fulfill({
      status: 404,
      contentType: 'application/problem+json',
      body: '{"detail":"queries are switched off"}',
    }),
  );
  await page.getByRole('alert').getByText('The server answered 404: queries are switched off').waitFor();
  await closePage(page, server.url, { allowed: /404/ });
});

test('a link to a query that is gone says so, and a status that is missing is a dash', async () => {
  const page = await openPage(browser, server.url, '#/queries?name=no-such-query');
  await page.getByText('There is no query of this name.').waitFor();
  const name = await newQuery(server.url);
  await page.route(`**/api/v1/queries/${name}/status`, (route) =>
    route.fulfill({ status: 404, contentType: 'application/problem+json', body: '{"detail":"none"}' }),
  );
  await page.goto(`${server.url}/dashboard/#/queries?name=${name}`);
  await page.getByText('The server does not tell how it is doing.').waitFor();
  await closePage(page, server.url, { allowed: /404/ });
});

test('the keyboard walks the list, opens and closes; a phone shows one thing at a time and scrolls the plan', async () => {
  const name = await newQuery(server.url);
  const page = await openPage(browser, server.url, '', { viewport: { width: 390, height: 780 } });
  await page.locator('.state-pill.ready').waitFor();
  await page.keyboard.press('7');
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('link', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name }).waitFor();
  assert.equal(await page.getByRole('table', { name: 'Queries' }).isVisible(), false);
  await page.locator('.plan-node').first().waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider');
  const frame = await page.locator('.plan-frame').boundingBox();
  assert.ok(frame.x + frame.width <= 390, 'the plan scrolls in its frame');
  await page.keyboard.press('Escape');
  await page.getByRole('table', { name: 'Queries' }).waitFor();
  await closePage(page, server.url);
});
