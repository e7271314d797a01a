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
const rows = (page) => page.locator('.data-row');
const linked = (queue) => `#/dead-letters?search.name=${queue}`;

async function letters(queue) {
  return (await (await fetch(`${server.url}/dead-letters?name=${queue}`)).json()).letters;
}

/** The texts of the queue's jobs. */
async function jobs(queue) {
  return (await fetch(`${server.url}/queues/${queue}/jobs`)).text();
}

test('dead letters are searched by every field, and the link keeps the search', async () => {
  const queue = await newQueue(server.url);
  await reject(server.url, queue, [job({}, { type: 'order.big' })], 'no such article');
  await reject(server.url, queue, [job({}, { type: 'order.small' })], 'the customer is unknown');
  const page = await openPage(browser, server.url, linked(queue));
  await until(async () => (await rows(page).count()) === 2, 'both are found');
  await page.getByLabel('Text', { exact: true }).fill('article');
  await until(async () => (await rows(page).count()) === 1, 'one has this text');
  await page.getByLabel('Type', { exact: true }).fill('order.s*');
  await page.getByText('The search finds no dead letters.').waitFor();
  await page.getByLabel('Text', { exact: true }).fill('');
  await until(async () => (await rows(page).count()) === 1, 'one has this type');
  assert.match(await rows(page).innerText(), /rejected[\s\S]*the customer is unknown/);
  await page.getByLabel('Reason', { exact: true }).selectOption('expired');
  await page.getByText('The search finds no dead letters.').waitFor();
  await page.getByLabel('Reason', { exact: true }).selectOption('rejected');
  await page.getByLabel('Until', { exact: true }).fill('2020-01-01T00:00:00');
  await page.getByText('The search finds no dead letters.').waitFor();
  await page.getByLabel('Until', { exact: true }).fill('');
  await page.getByLabel('Since', { exact: true }).fill('2020-01-01T00:00:00');
  await until(async () => (await rows(page).count()) === 1, 'since then there is one');
  await until(() => page.evaluate(() => location.hash.includes('search.since=')), 'the link has it');
  await page.reload();
  await until(async () => (await rows(page).count()) === 1, 'the link finds the same');
  await page.getByLabel('Context', { exact: true }).fill('no slash');
  await page
    .getByRole('alert')
    .getByText(/The server answered 400: .*slash|begin with \//)
    .waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await closePage(page, server.url, { allowed: /status of 400/ });
});

test('a letter tells why, and its event is repaired by hand and sent again exactly as written', async () => {
  const queue = await newQueue(server.url);
  await reject(server.url, queue, [job({ article: 'X' })], 'no such article');
  const page = await openPage(browser, server.url, linked(queue));
  await page.getByRole('link', { name: queue }).click();
  await page.locator('.why', { hasText: 'no such article' }).waitFor();
  assert.match(await page.locator('.facts').innerText(), /attempts\s+1\s[\s\S]*context\s+\/queues\//);
  await page.getByRole('button', { name: 'Edit and resubmit' }).click();
  const editor = page.getByLabel('The event that is sent instead');
  const text = await editor.inputValue();
  await editor.fill(`${text},`);
  await page.getByRole('button', { name: 'Resubmit what is written here' }).click();
  await page.getByRole('alert').getByText('This is not JSON').waitFor();
  await editor.fill(text.replace('"X"', '12345678901234567890'));
  await page.getByRole('button', { name: 'Resubmit what is written here' }).click();
  await page.getByText('1 dead letter is sent again.').waitFor();
  await until(async () => (await jobs(queue)).includes('12345678901234567890'), 'the job is there, repaired');
  await page.getByText('The search finds no dead letters.').waitFor();
  await closePage(page, server.url);
});

test('selected letters are discarded with a reason, all found are sent again at a rate', async () => {
  const queue = await newQueue(server.url);
  const all = ['a', 'b', 'c', 'd'].map((name) => job({}, { id: `${queue}-${name}`, subject: name }));
  await reject(server.url, queue, all, 'broken');
  const page = await openPage(browser, server.url, linked(queue));
  await until(async () => (await rows(page).count()) === 4, 'four are found');
  assert.ok(await page.getByRole('button', { name: 'Discard selected' }).isDisabled());
  await rows(page).nth(0).getByRole('checkbox').check();
  await rows(page).nth(2).getByRole('checkbox').check();
  await page.getByText('2 selected').waitFor();
  await page.getByRole('button', { name: 'Discard selected' }).click();
  const dialog = page.getByRole('dialog', { name: 'Throw 2 dead letters away?' });
  await dialog.getByRole('button', { name: 'Discard' }).click();
  assert.ok(await dialog.isVisible(), 'a reason is required');
  await dialog.getByLabel('Reason').fill('they are from a test');
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await page.getByText('2 dead letters are thrown away.').waitFor();
  await until(async () => (await rows(page).count()) === 2, 'two are left');
  const left = (await letters(queue)).map((letter) => letter.event.subject);
  assert.deepEqual(left, ['b', 'd']);

  await page.getByRole('button', { name: 'Resubmit all found' }).click();
  const asked = page.getByRole('dialog', { name: 'Send all dead letters that are found again?' });
  await asked.getByLabel('Not before').fill('soon');
  await asked.getByRole('button', { name: 'Resubmit' }).click();
  await asked
    .getByRole('alert')
    .getByText(/The server answered 400: /)
    .waitFor();
  await asked.getByLabel('Not before').fill('');
  await asked.getByLabel('At most so many a second').fill('50');
  await asked.getByRole('button', { name: 'Resubmit' }).click();
  await asked.waitFor({ state: 'detached' });
  await until(async () => (await letters(queue)).length === 0, 'none are left');
  await until(async () => /-b"[\s\S]*-d"/.test(await jobs(queue)), 'they are jobs again');
  await closePage(page, server.url, { allowed: /status of 400/ });
});

test('more than a page is shown when it is asked for', async () => {
  const queue = await newQueue(server.url);
  const many = Array.from({ length: 130 }, (_, i) => job({}, { id: `${queue}-${i}` }));
  await reject(server.url, queue, many, 'broken');
  const page = await openPage(browser, server.url, linked(queue));
  await page.getByText('100 shown, there are more').waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText('130 found').waitFor();
  await page.getByLabel('Select all that are shown').check();
  await page.getByText('130 selected').waitFor();
  await send(server.url, 'POST', '/dead-letters/discard', { search: { name: queue }, reason: 'the test is over' });
  await page.getByText('The search finds no dead letters.').waitFor();
  await closePage(page, server.url);
});
