// The whole way: the example publishes to the real server, and the dashboard shows it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closePage, event, launch, openPage, publish, rowOf, unique, until } from '../harness.mjs';
import { startBuilding, startRealServer } from './processes.mjs';

const FLOORS = '/org/contoso/site/berlin/building/41/floor';
// 96 sensors, and the one in which the server says that it made its first stream.
const CONTEXTS = 97;
const SENSORS = `${FLOORS}/3/unit/j/room/4/sensors`;

let server, building, browser;
before(async () => {
  server = await startRealServer();
  building = await startBuilding(server.url);
  await until(async () => (await contexts()) === CONTEXTS, 'every sensor has reported');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await building?.stop();
  await server?.stop();
});

const get = async (path) => (await fetch(`${server.url}${path}`)).json();
const contexts = async () => (await get('/api/v1/contexts')).contexts;
const linked = (path) => `${path.slice(1).replaceAll('/', '(')}${')'.repeat(path.split('/').length - 2)}`;
const rate = async (page, context) => Number((await rowOf(page, context).locator('.number').innerText()) || 0);

test('the tree shows the building with its rates', async () => {
  const page = await openPage(browser, server.url);
  for (const floor of [1, 2, 3]) await page.locator(`[data-context^="${FLOORS}/${floor}"]`).first().waitFor();
  await until(async () => (await rate(page, FLOORS)) > 10, 'twenty times four or five events a second');
  await page.getByText(`${CONTEXTS} contexts`).waitFor();
  await closePage(page, server.url);
});

test('a click shows what passes, and an event whole', async () => {
  const page = await openPage(browser, server.url, `#/contexts?open=${linked(SENSORS)}`);
  await rowOf(page, `${SENSORS}/climate`).click();
  const row = page.locator('.event-row', { hasText: 'temperature' }).first();
  await row.waitFor();
  // As a person does it: into the list, where nothing moves from then on, and then to the row.
  await page.getByRole('listbox').hover();
  let key;
  await until(async () => {
    const before = key;
    key = await row.getAttribute('data-key');
    return key === before;
  }, 'the list stands still');
  const [, partition, offset] = key.split('/');
  await row.click();
  const fact = (name) =>
    page
      .locator('.fact', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })
      .locator('dd')
      .innerText();
  assert.equal(await fact('source'), `${SENSORS}/climate`);
  assert.equal(await fact('context'), `${SENSORS}/climate`);
  assert.equal(await fact('subject'), 'room 3.04');
  assert.equal(await fact('datacontenttype'), 'application/json');
  assert.equal(await fact('stream'), `events, partition ${partition}, offset ${offset}`);
  const id = await fact('id');
  const stored = await (
    await fetch(`${server.url}/streams/events/events?pattern=${SENSORS}/climate`, {
      headers: { Accept: 'application/cloudevents-batch+json' },
    })
  ).json();
  const event = stored.find((each) => each.id === id);
  assert.ok(event, `event ${id} is recorded`);
  assert.deepEqual(JSON.parse(await page.getByLabel('Data').innerText()), event.data);
  await closePage(page, server.url);
});

test('a phone shows room 4 as it is, and an alarm in it at once', async () => {
  const room = SENSORS.replace('/sensors', '');
  const page = await openPage(browser, server.url, `#/room?context=${room}`, {
    viewport: { width: 390, height: 780 },
    hasTouch: true,
    isMobile: true,
  });
  await page.getByRole('heading', { level: 1, name: 'Room 4' }).waitFor();
  const card = (name) => page.locator(`.card[data-context="${SENSORS}/${name}"]`);
  await until(
    async () => /Temperature\s+[\d.]+\s+°C[^]*CO₂\s+\d+\s+ppm/.test(await card('climate').innerText()),
    'the air',
  );
  for (const [name, label] of [
    ['occupancy', 'People'],
    ['fire', 'Smoke'],
    ['gas', 'Methane'],
  ])
    await card(name).getByText(label, { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Before: Room 3' }).waitFor();
  await page.getByRole('link', { name: 'Floor below: Floor 2' }).waitFor();
  // Twenty times as often as usual, the climate is told twice a second.
  const before = await card('climate').innerText();
  await until(async () => (await card('climate').innerText()) !== before, 'it moves');
  const smoke = { smoke: { value: 8, unit: '%/m' }, alarm: true };
  // The sensor itself knows of no smoke, and clears it with its next heartbeat.
  await until(async () => {
    await publish(server.url, [event(`${SENSORS}/fire`, smoke, { type: 'io.contoso.building.fire.alarm.raised' })]);
    return page.locator('.alert-first', { hasText: 'Fire alarm' }).isVisible();
  }, 'the alarm');
  await closePage(page, server.url);
});

test('the streams page shows partitions, sizes and offsets as they are', async () => {
  await building.stop();
  const { streams } = await get('/api/v1/status');
  const page = await openPage(browser, server.url, '#/streams');
  for (const stream of streams) {
    const row = page.locator(`[data-stream="${stream.name}"]`);
    await row.waitFor();
    const text = (await row.innerText()).replaceAll(',', '');
    assert.match(text, new RegExp(`${stream.name}[^]*${stream.mount}[^]*${stream.durability}[^]*${stream.events}`));
  }
  const partitions = streams.flatMap((stream) => stream.partitions);
  const rows = page.locator('.partition-row');
  await until(async () => (await rows.count()) === partitions.length, 'a row for each partition');
  const texts = (await rows.allInnerTexts()).map((text) => text.replaceAll(',', '').split(/\s+/));
  partitions.forEach(({ partition, start, end }, i) => {
    assert.deepEqual(texts[i].slice(0, 5), ['partition', partition, start, end, end - start].map(String));
    assert.match(texts[i].slice(5, 7).join(' '), /^[\d.]+ k?B$/);
  });
  await closePage(page, server.url);
  building = await startBuilding(server.url);
});

test('a server that was killed and comes back is found again, and nothing is lost or comes twice', async () => {
  const context = `/${unique('killed')}`;
  await publish(server.url, [event(context, { n: 1 })]);
  const page = await openPage(browser, server.url, `#/contexts?at=${context.slice(1)}&open=${linked(FLOORS)}`);
  const row = (n) => page.locator('.event-row', { hasText: `{"n":${n}}` });
  await row(1).waitFor();
  await server.halt('SIGKILL');
  await page.getByRole('alert').getByText('No connection to the server').waitFor();
  await server.start();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.locator('.state-pill.ready').waitFor();
  await publish(server.url, [event(context, { n: 2 })]);
  await row(2).waitFor();
  assert.equal(await row(1).count(), 1);
  assert.equal(await row(2).count(), 1);
  await until(async () => (await rate(page, FLOORS)) > 10, 'the building goes on by itself');
  await closePage(page, server.url, { allowed: /Failed to load resource|ERR_/ });
});
