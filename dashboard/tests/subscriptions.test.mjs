import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closePage, event, launch, openPage, publish, send, startServer, unique, until } from './harness.mjs';

let server, browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A subscription to alarms in a house of its own, with two that wait. */
async function subscription() {
  const name = unique('alarms');
  await send(server.url, 'PUT', `/api/v1/subscriptions/${name}`, {
    pattern: `/${name}/**`,
    types: ['alarm.*'],
    pull: {},
  });
  const types = ['alarm.fire', 'alarm.gas'];
  await publish(
    server.url,
    types.map((type) => event(`/${name}/room`, {}, { type })),
  );
  return name;
}

const rowOf = (page, name) => page.locator(`.data-row[data-name="${name}"]`);
const unread = async (page) =>
  Number(
    await page
      .locator('.fact', { has: page.getByText('unread', { exact: true }) })
      .locator('dd')
      .innerText(),
  );

test('the list tells state, pattern, delivery and lag, and keeps up', async () => {
  const name = await subscription();
  const page = await openPage(browser, server.url, '#/subscriptions');
  await page.getByRole('searchbox').fill(name);
  const row = rowOf(page, name);
  await row.waitFor();
  const text = await row.innerText();
  for (const part of [name, 'active', `/${name}/**`, 'pull']) assert.ok(text.includes(part), `${part} in ${text}`);
  await until(async () => (await row.locator('.strong').innerText()) === '2', 'two events wait');
  await publish(server.url, [event(`/${name}/room`, {}, { type: 'alarm.fire' })]);
  await until(async () => (await row.locator('.strong').innerText()) === '3', 'three events wait');
  assert.equal(await page.locator('.data-row').count(), 1, 'the others are filtered away');
  await closePage(page, server.url);
});

test('the ledger adds up; pause, resume and seek work', async () => {
  const name = await subscription();
  const page = await openPage(browser, server.url, '#/subscriptions');
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('link', { name }).click();
  await page.getByRole('img', { name: /accepted: 0 settled, .*, 0 pending/ }).waitFor();
  await until(async () => (await unread(page)) === 2, 'nobody has asked for two events');
  const { ledger } = await (await fetch(`${server.url}/api/v1/subscriptions/${name}/status`)).json();
  const { settled, filtered, expired, deadLettered, pending } = ledger;
  assert.equal(ledger.accepted, settled + filtered + expired + deadLettered + pending);

  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(`${name} is paused.`).waitFor();
  await page.locator('.facts .mark.paused').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.locator('.facts .mark.active').waitFor();

  await page.getByRole('button', { name: 'Seek…' }).click();
  await page.getByLabel('Go on from').selectOption('position');
  await page.getByLabel('Position', { exact: true }).fill('nonsense');
  await page.getByRole('button', { name: 'Seek', exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('alert')
    .getByText(/The server answered 400: .*must be earliest/)
    .waitFor();
  await page.getByLabel('Go on from').selectOption('latest');
  await page.getByRole('button', { name: 'Seek', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await until(async () => (await unread(page)) === 0, 'nothing waits');

  await page.getByRole('button', { name: 'Seek…' }).click();
  await page.getByRole('button', { name: 'Seek', exact: true }).click();
  await until(async () => (await unread(page)) >= 2, 'an hour ago was before them');
  await closePage(page, server.url, { allowed: /status of 400/ });
});

test('explain tells which clause decides, for a pasted event and for a stored one', async () => {
  const name = await subscription();
  const page = await openPage(browser, server.url, `#/subscriptions?name=${name}`);
  const explain = page.getByRole('region', { name: 'Explain' });
  await explain.getByRole('button', { name: 'A pasted event' }).click();
  await explain
    .getByLabel('Event', { exact: true })
    .fill(JSON.stringify(event('/elsewhere', {}, { type: 'alarm.fire' })));
  await explain.getByRole('button', { name: 'Explain', exact: true }).click();
  await explain.getByText('Not wanted').waitFor();
  const pattern = explain.locator('li', { has: page.locator('code', { hasText: 'pattern' }) }).last();
  assert.match(await pattern.innerText(), /does not match:.*\/elsewhere/s);
  await explain.getByLabel('Context', { exact: true }).fill(`/${name}/room`);
  await explain.getByRole('button', { name: 'Explain', exact: true }).click();
  await explain.getByText('Wanted', { exact: true }).waitFor();
  assert.match(await pattern.innerText(), /matches:/);

  const [stored] = await (
    await fetch(`${server.url}/streams/events/events?pattern=/${name}/**&max=1`, {
      headers: { Accept: 'application/x-ndjson' },
    })
  )
    .text()
    .then((text) => text.trim().split('\n').map(JSON.parse));
  await explain.getByRole('button', { name: 'A stored event' }).click();
  for (const key of ['Stream', 'Partition', 'Offset']) {
    await explain.getByLabel(key).fill(String(stored[key.toLowerCase()]));
  }
  await explain.getByRole('button', { name: 'Explain', exact: true }).click();
  const types = explain.locator('li', { has: page.locator('code', { hasText: /^types$/ }) }).last();
  await types.waitFor();
  assert.match(await types.innerText(), /matches:/);
  await explain.getByLabel('Offset').fill('123456789');
  await explain.getByRole('button', { name: 'Explain', exact: true }).click();
  await explain
    .getByRole('alert')
    .getByText(/The server answered 4\d\d: /)
    .waitFor();
  await closePage(page, server.url, { allowed: /status of 4\d\d/ });
});

test('the keyboard walks the list, opens and closes; a phone shows one thing at a time', async () => {
  const name = await subscription();
  const second = `${name}-2`;
  await send(server.url, 'PUT', `/api/v1/subscriptions/${second}`, { pattern: '/none/**' });
  const page = await openPage(browser, server.url, '', { viewport: { width: 390, height: 780 } });
  await page.locator('.state-pill.ready').waitFor();
  await page.keyboard.press('3');
  await page.getByRole('searchbox').fill(name);
  await rowOf(page, second).waitFor();
  await page.getByRole('link', { name, exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: second }).waitFor();
  assert.equal(await page.getByRole('table', { name: 'Subscriptions' }).isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H2', 'what was opened is read');
  await until(() => page.evaluate((s) => location.hash.includes(`name=${s}`), second), 'the link says what is open');
  await page.keyboard.press('Escape');
  await page.getByRole('table', { name: 'Subscriptions' }).waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider');
  await until(() => page.evaluate(() => !location.hash.includes('name=')), 'the link says that it is closed');
  await page.goBack();
  await page.getByRole('heading', { name: second }).waitFor();
  await closePage(page, server.url);
});
