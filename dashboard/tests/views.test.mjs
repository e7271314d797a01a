import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closePage, event, launch, openPage, publish, send, startServer, statusOf, unique, until } from './harness.mjs';

let server, browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A view of the latest event of each subject in a place of its own. */
async function view(subjects = ['a-1', 'a-2', 'b-1']) {
  const name = unique('rooms');
  await send(server.url, 'PUT', `/api/v1/views/${name}`, {
    from: { stream: 'events', pattern: `/${name}/**` },
    key: '{subject}',
  });
  const put = (subject, data) => publish(server.url, [event(`/${name}/x`, data, { subject })]);
  await publish(
    server.url,
    subjects.map((subject, i) => event(`/${name}/x`, { celsius: 20 + i, room: subject }, { subject })),
  );
  await until(async () => (await statusOf(server.url, 'views', name)).keys === subjects.length, 'all keys');
  return { name, put };
}

const rowOf = (page, key) => page.locator(`.side-pane .data-row[data-name="${key}"]`);
const keys = (page) => page.locator('.side-pane .data-row').evaluateAll((rows) => rows.map((row) => row.dataset.name));

test('the list tells keys, updates, lag and what feeds it', async () => {
  const { name, put } = await view();
  const page = await openPage(browser, server.url, '#/views');
  await page.getByRole('searchbox').fill(name);
  const row = page.locator(`.data-row[data-name="${name}"]`);
  await until(async () => (await row.locator('.strong').innerText()) === '3', 'three keys');
  assert.match(await row.innerText(), new RegExp(`current[^]*/${name}/\\*\\*`));
  await put('c-1', { celsius: 1 });
  await until(async () => (await row.locator('.strong').innerText()) === '4', 'four keys');
  await closePage(page, server.url);
});

test('the table is followed: what changes stands out for a moment, what is new comes in its place', async () => {
  const { name, put } = await view();
  const page = await openPage(browser, server.url, `#/views?name=${name}`);
  await rowOf(page, 'a-2').waitFor();
  await page.getByText('live', { exact: true }).waitFor();
  assert.deepEqual(await keys(page), ['a-1', 'a-2', 'b-1']);
  assert.equal(await page.locator('.changed').count(), 0, 'nothing has changed at first');
  await put('a-2', { celsius: 99.5, room: 'a-2' });
  await page.locator('.side-pane .data-row.changed[data-name="a-2"]').waitFor();
  assert.match(await rowOf(page, 'a-2').innerText(), /99\.5/);
  await until(async () => (await page.locator('.changed').count()) === 0, 'the mark goes');
  await put('a-3', { celsius: 7, room: 'a-3' });
  await until(async () => (await keys(page)).join() === 'a-1,a-2,a-3,b-1', 'the new key');
  await closePage(page, server.url);
});

test('keys are searched by their beginning', async () => {
  const { name, put } = await view();
  const page = await openPage(browser, server.url, `#/views?name=${name}`);
  await rowOf(page, 'b-1').waitFor();
  const search = page.getByRole('searchbox', { name: 'Keys that begin with' });
  await search.fill('a-');
  await until(async () => (await keys(page)).join() === 'a-1,a-2', 'those that begin so');
  await put('b-2', { celsius: 1 });
  await put('a-0', { celsius: 1 });
  await until(async () => (await keys(page)).join() === 'a-0,a-1,a-2', 'only what begins so comes');
  await search.fill('zz');
  await page.getByText('No key begins with zz').waitFor();
  await search.press('Escape');
  await rowOf(page, 'b-2').waitFor();
  await closePage(page, server.url);
});

test('a long view is shown page by page', async () => {
  const subjects = Array.from({ length: 130 }, (_, i) => `k-${String(i).padStart(3, '0')}`);
  const { name, put } = await view(subjects);
  const page = await openPage(browser, server.url, `#/views?name=${name}`);
  await rowOf(page, 'k-000').waitFor();
  const foot = page.locator('.view-foot');
  assert.match(await foot.innerText(), /100\s*of 130\s*keys/);
  assert.equal(await foot.getByRole('button', { name: 'Before' }).isDisabled(), true);
  await foot.getByRole('button', { name: 'After' }).click();
  await rowOf(page, 'k-100').waitFor();
  assert.equal(await foot.getByRole('button', { name: 'After' }).isDisabled(), true);
  await put('k-100', { celsius: 55.5 });
  await rowOf(page, 'k-100').getByText('55.5').waitFor();
  await foot.getByRole('button', { name: 'Before' }).click();
  await rowOf(page, 'k-000').waitFor();
  await closePage(page, server.url);
});

test('values are columns or JSON, exactly as they were sent, and one can be opened whole', async () => {
  const { name } = await view();
  const big = '12345678901234567890';
  const item = `{"key":"a-1","value":{"n":${big},"note":"two\\nlines"},"updated":"2026-11-23T05:00:00Z","etag":"\\"7\\""}`;
  const page = await openPage(browser, server.url, '#/schedules');
  await page.route(`**/views/${name}?follow=*`, (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: `event: put\ndata: ${item}\n\n` }),
  );
  await page.route(`**/views/${name}?limit=*`, (route) =>
    route.fulfill({ contentType: 'application/json', body: `{"items":[${item}]}` }),
  );
  await page.goto(`${server.url}/dashboard/#/views?name=${name}`);
  await rowOf(page, 'a-1').waitFor();
  assert.match(await rowOf(page, 'a-1').innerText(), new RegExp(big));
  await page.getByRole('columnheader', { name: 'note' }).waitFor();
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  await page.getByRole('columnheader', { name: 'Value' }).waitFor();
  await rowOf(page, 'a-1').getByRole('link').focus();
  await page.keyboard.press('Enter');
  const whole = page.getByRole('region', { name: 'Value of a-1' });
  assert.match(await whole.getByLabel('Value', { exact: true }).innerText(), new RegExp(`"n": ${big}`));
  assert.match(await whole.innerText(), /ETag "7"/);
  await whole.getByRole('button', { name: 'Close the value' }).click();
  await whole.waitFor({ state: 'detached' });
  await closePage(page, server.url);
});

test('a key that is deleted goes, and a view too large to be followed is asked for again and again', async () => {
  const { name } = await view(['x']);
  const item = (key, n) => ({ key, value: { n }, updated: '2026-11-23T05:00:00Z', etag: `"${key}${n}"` });
  let items = [item('a', 1), item('b', 2)];
  let followed = 0;
  const page = await openPage(browser, server.url, '#/schedules');
  await page.route(`**/views/${name}?limit=*`, (route) => route.fulfill({ json: { items } }));
  await page.route(`**/views/${name}?follow=*`, (route) => {
    followed++;
    items = items.filter(({ key }) => key !== 'a');
    return route.fulfill({ contentType: 'text/event-stream', body: 'event: delete\ndata: {"key":"a"}\n\n' });
  });
  await page.goto(`${server.url}/dashboard/#/views?name=${name}`);
  await until(async () => (await keys(page)).join() === 'b', 'the key is gone');
  assert.ok(followed >= 1);

  await page.route(`**/api/v1/views/${name}/status`, async (route) => {
    const status = await (await route.fetch()).json();
    return route.fulfill({ json: { ...status, keys: 5_000_000 } });
  });
  await page.reload();
  await page.getByText('every two seconds').waitFor();
  followed = 0;
  items = [item('b', 3)];
  await page.locator('.side-pane .data-row.changed[data-name="b"]').waitFor();
  assert.equal(followed, 0, 'it is not followed');
  await closePage(page, server.url);
});

test('a phone shows one thing at a time, by keyboard too', async () => {
  const { name } = await view();
  const page = await openPage(browser, server.url, '', { viewport: { width: 390, height: 780 } });
  await page.locator('.state-pill.ready').waitFor();
  await page.keyboard.press('8');
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('link', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
  await rowOf(page, 'a-1').waitFor();
  assert.equal(await page.getByRole('table', { name: 'Views', exact: true }).isVisible(), false);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider');
  await rowOf(page, 'a-1').getByRole('link').focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.innerText), 'a-2');
  await page.keyboard.press('Escape');
  await page.getByRole('table', { name: 'Views', exact: true }).waitFor();
  await closePage(page, server.url);
});
