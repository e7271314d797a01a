import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  closePage,
  event,
  launch,
  openPage,
  publish,
  publishIn,
  rowOf,
  startServer,
  unique,
  until,
} from './harness.mjs';

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

/** A house with three rooms, and a link that shows it open. */
async function house() {
  const name = unique('house');
  const rooms = ['10', '2', '1'].map((room) => `/${name}/room/${room}`);
  await publish(
    server.url,
    rooms.flatMap((room) => [event(`${room}/climate`, { celsius: 20.5 }), event(`${room}/gas`, { ppm: 4 })]),
  );
  return { name, root: `/${name}/room`, link: `#/contexts?open=${name}(room(1,2,10))` };
}

test('the tree shows contexts in natural order, with their latest events, and keeps up', async () => {
  const { name, root, link } = await house();
  const page = await openPage(browser, server.url, link);
  const climate = rowOf(page, `${root}/2/climate`);
  await climate.waitFor();
  assert.match(await climate.innerText(), /\{"celsius":20\.5\}/);
  // The house itself is one line with its only child.
  assert.equal(await rowOf(page, root).getAttribute('aria-label'), `${name}/room`);
  assert.equal(await rowOf(page, root).getAttribute('aria-expanded'), 'true');
  const order = () =>
    page.locator(`[data-context^="${root}/"]`).evaluateAll((all) => all.map((e) => e.dataset.context));
  const expected = ['1', '2', '10'].flatMap((r) => [r, `${r}/climate`, `${r}/gas`]).map((end) => `${root}/${end}`);
  assert.deepEqual(await order(), expected);

  const place = await climate.boundingBox();
  for (let i = 0; i < 20; i++) await publish(server.url, [event(`${root}/2/climate`, { celsius: 30 + i })]);
  await page.getByText('{"celsius":49}').first().waitFor();
  await until(async () => /\d/.test(await climate.locator('.number').innerText()), 'a rate in the row');
  assert.deepEqual(await order(), expected);
  assert.deepEqual(await climate.boundingBox(), place, 'the row has not moved');

  await publish(server.url, [event(`${root}/2/door`, { open: true })]);
  await rowOf(page, `${root}/2/door`).waitFor();
  await closePage(page, server.url);
});

test('a closed branch loads its children when it opens', async () => {
  const { name, root } = await house();
  const page = await openPage(browser, server.url, `#/contexts?open=${name}`);
  await rowOf(page, root).locator('.twisty').click();
  await rowOf(page, `${root}/10`).locator('.twisty').click();
  await rowOf(page, `${root}/10/gas`).waitFor();
  await rowOf(page, root).locator('.twisty').click();
  await rowOf(page, `${root}/10/gas`).waitFor({ state: 'detached' });
  await closePage(page, server.url);
});

test('the keyboard walks, opens, closes, filters and helps', async () => {
  const { name, root, link } = await house();
  const page = await openPage(browser, server.url, link);
  await rowOf(page, `${root}/10/gas`).waitFor();
  await rowOf(page, root).click();
  const tree = page.getByRole('tree');
  await tree.focus();
  const active = () =>
    page.evaluate(() => {
      const id = document.querySelector('[role=tree]').getAttribute('aria-activedescendant');
      const row = document.getElementById(id);
      return row?.getAttribute('aria-selected') === 'true' ? row.dataset.context : undefined;
    });
  const press = async (key, expected) => {
    await page.keyboard.press(key);
    await until(async () => (await active()) === expected, `${key} goes to ${expected}, is at ${await active()}`, 5000);
  };
  await press('ArrowDown', `${root}/1`);
  await press('ArrowRight', `${root}/1/climate`);
  await press('ArrowLeft', `${root}/1`);
  await press('ArrowLeft', `${root}/1`);
  assert.equal(await rowOf(page, `${root}/1`).getAttribute('aria-expanded'), 'false');
  await press('ArrowDown', `${root}/2`);
  await press('ArrowUp', `${root}/1`);
  await page.keyboard.press('Enter');
  await rowOf(page, `${root}/1/gas`).waitFor();
  await press('Home', '/');
  await page.keyboard.press('End');
  await until(async () => (await active()) !== '/', 'End goes away from the root');

  await page.keyboard.press('/');
  await page.keyboard.type(`${name} gas`);
  await until(async () => (await page.getByRole('treeitem').count()) === 8, 'only what matches and its ancestors');
  assert.equal(await rowOf(page, `${root}/2/climate`).count(), 0);
  assert.equal(await page.locator('[role=treeitem] mark').first().innerText(), name);
  await page.keyboard.press('Escape');
  await rowOf(page, `${root}/2/climate`).waitFor();

  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('2');
  await page.getByRole('table', { name: 'Streams' }).waitFor();
  await closePage(page, server.url);
});

test('a link shows what its sender saw', async () => {
  const { root, link } = await house();
  const first = await openPage(browser, server.url, link);
  await rowOf(first, `${root}/2/gas`).click();
  await rowOf(first, `${root}/1`).locator('.twisty').click();
  await first.getByRole('button', { name: 'This context' }).click();
  await until(() => first.url().includes('only') && first.url().includes('at='), 'the link follows');
  const copied = first.url().slice(first.url().indexOf('#'));

  const second = await openPage(browser, server.url, copied);
  await rowOf(second, `${root}/2/gas`).waitFor();
  assert.equal(await rowOf(second, `${root}/2/gas`).getAttribute('aria-selected'), 'true');
  assert.equal(await rowOf(second, `${root}/1/gas`).count(), 0, 'room 1 is closed');
  assert.equal(await second.getByRole('button', { name: 'This context' }).getAttribute('aria-pressed'), 'true');
  await closePage(first, server.url);
  await closePage(second, server.url);
});

test('names of all kinds survive the link and the URL', async () => {
  const name = unique('odd');
  const odd = ['a b', 'ä(ö),ü', '50%', "it's~!", 'q?&=;', '<b>'];
  const contexts = odd.map((each) => `/${name}/${each}/in`);
  for (const context of contexts) await publishIn(server.url, context, event('/test', { here: context }));
  const page = await openPage(browser, server.url, `#/contexts?open=${name}`);
  for (const each of odd) {
    const row = page.getByRole('treeitem', { name: each, exact: true });
    await row.locator('.twisty').click();
    await page
      .locator('[role=treeitem]')
      .filter({ hasText: JSON.stringify({ here: `/${name}/${each}/in` }) })
      .click();
    await page
      .locator('.event-row', { hasText: `/${name}/${each}/in` })
      .first()
      .waitFor();
  }
  await until(() => page.url().includes('%3Cb%3E'), 'the link follows');
  await page.reload();
  for (const each of odd) await page.locator('[role=treeitem]', { hasText: `/${each}/in` }).waitFor();
  await closePage(page, server.url);
});

test('a server without events says how to publish the first one', async () => {
  const page = await browser.newPage();
  await page.route(CONTEXTS, (route) =>
    route.fulfill({
      json: {
        time: new Date().toISOString(),
        contexts: 0,
        published: 0,
        parents: [{ context: '/', total: 0, more: false, children: [] }],
      },
    }),
  );
  await page.goto(`${server.url}/dashboard/`);
  await page.getByRole('heading', { name: 'No events yet' }).waitFor();
  assert.match(await page.locator('.empty pre').innerText(), new RegExp(`curl ${server.url}/events/hello/world`));
  await page.unroute(CONTEXTS);
  await publish(server.url, [event(`/${unique('first')}`, { text: 'Hello' })]);
  await page.getByRole('tree').waitFor();
  await page.close();
});
