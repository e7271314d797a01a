import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closePage, event, launch, newQueue, openPage, reject, send, startServer, until } from './harness.mjs';

let server, browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const job = (data, attributes) => event('/shop', data, { type: 'order', ...attributes });

test('the list tells depth, age and dead letters, which a click leads to', async () => {
  const queue = await newQueue(server.url);
  await reject(server.url, queue, [job({})], 'no such article');
  await send(server.url, 'POST', `/queues/${queue}`, job({}));
  const page = await openPage(browser, server.url, '#/queues');
  await page.getByRole('searchbox').fill(queue);
  const row = page.locator(`[data-name="${queue}"]`);
  await until(
    async () =>
      (await row
        .locator('.strong')
        .innerText()
        .catch(() => '')) === '1',
    'a depth of one',
  );
  assert.match(await row.innerText(), /active[\s\S]*(now|\d+ s)/);
  await row.getByRole('button', { name: `Dead letters of ${queue}: 1` }).click();
  await page.locator('.data-row', { hasText: 'no such article' }).waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), queue);
  await closePage(page, server.url);
});

test('jobs are shown without being taken, exactly as they were sent; scheduled ones are taken back', async () => {
  const queue = await newQueue(server.url);
  const exact = JSON.stringify(job('@EXACT@')).replace('"@EXACT@"', '{"n":12345678901234567890,"price":0.50}');
  const response = await fetch(`${server.url}/queues/${queue}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/cloudevents+json' },
    body: exact,
  });
  assert.ok(response.ok);
  await send(server.url, 'POST', `/queues/${queue}`, job({}, { scheduledtime: '2040-01-01T00:00:00Z' }));
  const page = await openPage(browser, server.url, `#/queues?name=${queue}`);
  const jobs = page.getByRole('region', { name: 'Jobs' });
  await jobs.locator('.job', { hasText: 'ready' }).click();
  await jobs.locator('pre', { hasText: '"n": 12345678901234567890,\n    "price": 0.50' }).waitFor();
  await jobs.locator('.job', { hasText: 'scheduled' }).click();
  await jobs.getByText(/until 20(39|40)-/).waitFor();
  await jobs.getByRole('button', { name: 'Take it back' }).click();
  await jobs.locator('.job', { hasText: 'scheduled' }).waitFor({ state: 'detached' });
  assert.equal(await jobs.locator('.job').count(), 1);
  await closePage(page, server.url);
});

test('a long queue is looked at page by page', async () => {
  const queue = await newQueue(server.url);
  for (let i = 1; i <= 60; i++) await send(server.url, 'POST', `/queues/${queue}`, job({}, { type: `order.${i}` }));
  const page = await openPage(browser, server.url, `#/queues?name=${queue}`);
  const types = page.locator('.job-type');
  await until(async () => (await types.count()) === 50, 'fifty jobs');
  await page.getByRole('button', { name: 'After' }).click();
  await until(async () => (await types.first().innerText()) === 'order.51', 'the second page');
  await page.getByRole('button', { name: 'Before' }).click();
  await until(async () => (await types.first().innerText()) === 'order.1', 'the first page');
  await closePage(page, server.url);
});

test('a test job is sent, the queue is paused, and purged only after a question', async () => {
  const queue = await newQueue(server.url);
  const page = await openPage(browser, server.url, `#/queues?name=${queue}`);
  await page.getByRole('button', { name: 'Send a test job…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Job').fill('{"specversion":"1.0","id":"1","source":"/me"}');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog
    .getByRole('alert')
    .getByText(/The server answered 4\d\d: .*type/)
    .waitFor();
  await dialog.getByLabel('Job').fill('{"specversion":"1.0","id":"1","source":"/me","type":"mine"}');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await page.locator('.job', { hasText: 'mine' }).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.locator('.facts .mark.paused').waitFor();

  await page.getByRole('button', { name: 'Purge…' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await page.locator('.job', { hasText: 'mine' }).count(), 1, 'the question was declined');
  await page.getByRole('button', { name: 'Purge…' }).click();
  await dialog.getByRole('button', { name: 'Throw the jobs away' }).click();
  await page.getByText(`1 jobs of ${queue} were thrown away.`).waitFor();
  await page.getByText('The queue is empty.').waitFor();
  const { ledger } = await (await fetch(`${server.url}/api/v1/ledger`)).json().then(({ items }) => ({
    ledger: items.find(({ name }) => name === queue).ledger,
  }));
  assert.equal(ledger.pending, 0);
  await closePage(page, server.url, { allowed: /status of 4\d\d/ });
});
