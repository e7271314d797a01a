import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, startServer } from './harness.mjs';

let server, browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const NIGHTLY = {
  kind: 'Schedule',
  name: 'nightly',
  cron: '30 2 * * MON-FRI',
  timeZone: 'Europe/Berlin',
  target: { context: '/org/contoso/clock' },
  event: { type: 'com.contoso.night' },
};
const ROUNDS = {
  kind: 'Schedule',
  name: 'rounds',
  every: '15m',
  target: { queue: 'security' },
  job: { type: 'round' },
};

/** The page over these schedules, whatever the server has. */
async function schedulesPage(status) {
  const page = await (await browser.newContext()).newPage();
  page.asked = [];
  await page.route('**/api/v1/schedules', (route) => route.fulfill({ json: { items: [ROUNDS, NIGHTLY] } }));
  await page.route('**/api/v1/schedules/*/status', (route) => {
    page.asked.push(route.request().url());
    return route.fulfill(status);
  });
  await page.goto(`${server.url}/dashboard/#/schedules`);
  return page;
}

test('schedules tell their timetable, target, and when they fire', async () => {
  const next = new Date(2030, 0, 2, 3, 4, 5);
  const page = await schedulesPage({
    json: { next: next.toISOString(), last: null, lastProblem: 'the queue is full' },
  });
  const row = page.locator('[data-name="nightly"]');
  await row.getByText('2030-01-02 03:04:05').waitFor();
  assert.match(await row.innerText(), /30 2 \* \* MON-FRI \(Europe\/Berlin\)[\s\S]*\/org\/contoso\/clock/);
  assert.match(await row.innerText(), /the queue is full/);
  assert.match(await page.locator('[data-name="rounds"]').innerText(), /every 15m[\s\S]*queue security/);
  await page.context().close();
});

test('without a status there are dashes, and it is not asked for again and again', async () => {
  const page = await schedulesPage({ status: 404, contentType: 'application/problem+json', body: '{"detail":"none"}' });
  const row = page.locator('[data-name="nightly"]');
  await row.waitFor();
  assert.match(await row.innerText(), /–[\s\S]*–/);
  // The list comes every three seconds; a second one shows that the status was not asked for with it.
  const list = (response) => response.url().endsWith('/api/v1/schedules');
  await page.waitForResponse(list);
  await page.waitForResponse(list);
  assert.equal(page.asked.length, 1);
  assert.equal(await page.getByRole('alert').count(), 0);
  await page.context().close();
});

test('a server without schedules says so', async () => {
  const page = await (await browser.newContext()).newPage();
  const detail = 'this server has no schedules';
  await page.route('**/api/v1/schedules', (route) =>
    route.fulfill({ status: 404, contentType: 'application/problem+json', body: JSON.stringify({ detail }) }),
  );
  await page.goto(`${server.url}/dashboard/#/schedules`);
  await page.getByRole('alert').getByText(`The server answered 404: ${detail}`).waitFor();
  await page.context().close();
});
