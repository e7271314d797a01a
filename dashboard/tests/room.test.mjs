// The view of one place, on a phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  closePage,
  event,
  launch,
  newQueue,
  openPage,
  publish,
  publishIn,
  send,
  startServer,
  unique,
  until,
} from './harness.mjs';

let server, browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };
const OFFLINE = { allowed: /ERR_INTERNET_DISCONNECTED|ERR_NETWORK|Failed to load resource/ };

/** A building of its own with some rooms, of which each has a climate and a gas sensor. */
async function building() {
  const name = unique('tower');
  const room = (floor, unit, number) => `/site/${name}/floor/${floor}/unit/${unit}/room/${number}`;
  const rooms = [room(1, 'a', 4), room(2, 'b', 3), room(2, 'c', 4), room(2, 'c', 5), room(3, 'd', 1)];
  await publish(
    server.url,
    rooms.flatMap((each) => [
      event(`${each}/sensors/climate`, {
        temperature: { value: 21.25, unit: 'Cel' },
        co2: { value: 540, unit: '[ppm]' },
      }),
      event(`${each}/sensors/gas`, { methane: { value: 2, unit: '[ppm]' }, alarm: false }),
    ]),
  );
  return { room, here: rooms[2] };
}

const openRoom = (context, options = {}) =>
  openPage(browser, server.url, `#/room?context=${context}`, { ...PHONE, ...options });
const card = (page, context) => page.locator(`.card[data-context="${context}"]`);
const values = (page, context) => card(page, context).locator('.value-now').allInnerTexts();
const title = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });
const live = (page) => page.locator('.room-state.live').waitFor();
const first = (page) => page.locator('.alert-first');
const tails = (page) => page.requested.filter((url) => url.includes('/tail/'));

test('a room shows what its sensors told last, and then what they tell', async () => {
  const { here } = await building();
  const climate = `${here}/sensors/climate`;
  const page = await openRoom(here);
  await title(page, 'Room 4').waitFor();
  await page.getByText('Unit C · Floor 2').waitFor();
  await live(page);
  assert.deepEqual(
    (await values(page, climate)).map((text) => text.replace(/\s+/, ' ')),
    ['21.25 °C', '540 ppm'],
  );
  assert.match(await card(page, climate).innerText(), /^Climate\s+(now|\d+ s ago)\s+Temperature/);
  await publish(server.url, [event(climate, { temperature: { value: 19.5, unit: 'Cel' } })]);
  await until(async () => /^19\.50/.test((await values(page, climate))[0]), 'the new temperature');
  await page.getByRole('img', { name: /^Temperature, last 10 minutes: 19\.50 to 21\.25$/ }).waitFor();
  // What has never spoken before comes in without a reload.
  await publish(server.url, [event(`${here}/actuators/blinds`, { position: { value: 30, unit: '%' }, mode: 'auto' })]);
  await card(page, `${here}/actuators/blinds`).getByText('auto').waitFor();
  assert.deepEqual(
    tails(page).filter((url) => !url.includes(encodeURI(here))),
    [],
    'nothing but the room is followed',
  );
  await closePage(page, server.url);
});

test('it fits every phone, and all of it can be touched', async () => {
  const { here } = await building();
  for (const width of [320, 360, 390, 430]) {
    const page = await openRoom(here, { viewport: { width, height: 640 } });
    await live(page);
    await page.getByRole('link', { name: 'Next: Room 5' }).waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} is enough`);
    const small = () =>
      page.locator('.room a:visible, .room button:visible').evaluateAll((all) =>
        all
          .map((each) => [each.textContent || each.ariaLabel, each.getBoundingClientRect()])
          .filter(([, box]) => box.width < 44 || box.height < 44 || box.left < 0 || box.right > innerWidth)
          .map(([name, box]) => `${name}: ${box.width} x ${box.height}`),
      );
    assert.deepEqual(await small(), [], `at ${width}`);
    await page.getByRole('button', { name: 'Places' }).click();
    await page.getByRole('dialog').waitFor();
    assert.deepEqual(await small(), [], `the list of places at ${width}`);
    await closePage(page, server.url);
  }
});

test('one goes to the next room, to other floors and to any place, and back', async () => {
  const { here, room } = await building();
  const page = await openRoom(here);
  const at = (context) => until(() => page.evaluate((c) => location.hash === `#/room?context=${c}`, context), context);
  await page.getByRole('link', { name: 'Before: Room 3' }).click();
  await at(room(2, 'b', 3));
  await card(page, `${room(2, 'b', 3)}/sensors/gas`).waitFor();
  await page.getByRole('link', { name: 'Next: Room 4' }).click();
  await at(here);
  await page.getByRole('link', { name: 'Floor below: Floor 1' }).click();
  await at(room(1, 'a', 4));
  await card(page, `${room(1, 'a', 4)}/sensors/gas`).waitFor();
  await page.goBack();
  await at(here);
  await page.getByRole('link', { name: 'Floor above: Floor 3' }).click();
  await at(room(3, 'd', 1));
  await page.getByRole('button', { name: 'Places' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Room 5' }).click();
  await at(room(2, 'c', 5));
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Places' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Floor 2', exact: true }).click();
  await title(page, 'Floor 2').waitFor();
  // A floor has its rooms one below the other, each with its name.
  await page.getByRole('link', { name: 'Unit B · Room 3' }).click();
  await at(room(2, 'b', 3));
  await closePage(page, server.url);
});

test('an alarm stands on top and is said, and nothing moves when it comes and goes', async () => {
  const { here } = await building();
  const gas = `${here}/sensors/gas`;
  const page = await openRoom(here);
  await page.getByText('No alarms, no jobs').waitFor();
  const place = await card(page, gas).boundingBox();
  const alarm = { methane: { value: 1240, unit: '[ppm]' }, alarm: true };
  await publish(server.url, [event(gas, alarm, { type: 'test.gas.alarm.raised' })]);
  await first(page).getByText('Gas alarm').waitFor();
  assert.match(await first(page).innerText(), /Methane 1,240 ppm · since \d\d:\d\d/);
  await card(page, gas).getByText('Alarm', { exact: true }).waitFor();
  assert.equal(await page.locator('[aria-live=polite]').innerText(), 'Gas alarm');
  assert.deepEqual(await card(page, gas).boundingBox(), place, 'nothing has moved');
  await page.reload();
  await first(page).getByText('Gas alarm').waitFor();
  await publish(server.url, [event(gas, { methane: { value: 3, unit: '[ppm]' } }, { type: 'test.gas.alarm.cleared' })]);
  await page.getByText('No alarms, no jobs').waitFor();
  assert.deepEqual(await card(page, gas).boundingBox(), place);
  await closePage(page, server.url);
});

test('a job about the room is told; jobs about others are not', async () => {
  const { here, room } = await building();
  const queue = await newQueue(server.url);
  await send(
    server.url,
    'POST',
    `/queues/${queue}`,
    event(`${room(2, 'c', 5)}/sensors/gas`, {}, { type: 'test.other' }),
  );
  const job = event(`${here}/sensors/gas`, {}, { type: 'io.contoso.filter.change', subject: 'room 2.04' });
  await send(server.url, 'POST', `/queues/${queue}`, job);
  const page = await openRoom(here);
  await first(page).getByText('Job: Filter change, room 2.04').waitFor();
  assert.match(await first(page).innerText(), new RegExp(`waiting · ${queue} · `));
  await first(page).click();
  assert.equal(await page.locator('.alerts li').count(), 1);
  await page.locator('.alerts li').getByRole('link').click();
  await page.getByRole('heading', { name: queue }).waitFor();
  await closePage(page, server.url);
});

test('a device whose last will came is offline, and its sensors that fall silent go stale', async () => {
  const { here } = await building();
  const climate = `${here}/sensors/climate`;
  const page = await openRoom(here);
  await live(page);
  for (const co2 of [500, 510, 520, 530]) {
    await publish(server.url, [event(climate, { co2: { value: co2, unit: '[ppm]' } })]);
    await until(async () => (await values(page, climate))[1].startsWith(String(co2)), 'the value');
  }
  await publishIn(server.url, `${here}/status`, event('/controller', 'offline', { datacontenttype: 'text/plain' }));
  await first(page).getByText('Room 4 is offline').waitFor();
  await page.locator(`.card.stale[data-context="${climate}"]`).waitFor();
  assert.match(await card(page, climate).innerText(), /stale · \d+ s ago/);
  await closePage(page, server.url);
});

test('a lost connection is said, and what came meanwhile is there afterwards', async () => {
  const { here } = await building();
  const climate = `${here}/sensors/climate`;
  const page = await openRoom(here);
  await live(page);
  const place = await card(page, climate).boundingBox();
  await page.context().setOffline(true);
  await page.locator('.room-state.broken').getByText('No connection').waitFor();
  await page.getByText('Alarms are not known without a connection').waitFor();
  assert.deepEqual(await card(page, climate).boundingBox(), place, 'nothing has moved');
  for (const value of [30.5, 31.5, 32.5]) {
    await publish(server.url, [event(climate, { temperature: { value, unit: 'Cel' } })]);
  }
  await page.context().setOffline(false);
  await page.locator('.room-state.live').getByText('Connected again').waitFor();
  await until(async () => (await values(page, climate))[0].startsWith('32.50'), 'the last value');
  await page.getByRole('img', { name: 'Temperature, last 10 minutes: 21.25 to 32.50' }).waitFor();
  await closePage(page, server.url, OFFLINE);
});

test('a phone that slept connects anew where it was, as its connection may be dead', async () => {
  const { here } = await building();
  const climate = `${here}/sensors/climate`;
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  const asked = [];
  page.on('request', (request) => request.url().includes('/tail/') && asked.push(new URL(request.url())));
  await page.clock.install();
  await page.goto(`${server.url}/dashboard/#/room?context=${here}`);
  await live(page);
  await publish(server.url, [event(climate, { temperature: { value: 25.5, unit: 'Cel' } })]);
  await until(async () => (await values(page, climate))[0].startsWith('25.50'), 'a value before sleep');
  const before = asked.length;
  await page.clock.fastForward(120_000);
  await until(() => asked.length > before, 'another connection');
  assert.ok(!/^\d{4}-/.test(asked.at(-1).searchParams.get('from')), 'it goes on from a position');
  await page.getByText('Connected again').waitFor();
  await publish(server.url, [event(climate, { temperature: { value: 26.5, unit: 'Cel' } })]);
  await until(async () => (await values(page, climate))[0].startsWith('26.50'), 'a value after sleep');
  await context.close();
});

test('from the tree to the room and back', async () => {
  const { here } = await building();
  const page = await openPage(
    browser,
    server.url,
    `#/contexts?at=${here.slice(1).replaceAll('/', '(')}${')'.repeat(7)}`,
  );
  await page.getByRole('link', { name: 'Room view' }).click();
  await title(page, 'Room 4').waitFor();
  await until(() => page.evaluate((c) => location.hash === `#/room?context=${c}`, here), 'the link says where one is');
  await live(page);
  await page.getByRole('link', { name: 'Back to the contexts' }).click();
  await page.getByRole('tree').waitFor();
  await page
    .getByRole('navigation', { name: 'Selected context' })
    .and(page.locator(`[title="${here}"]`))
    .waitFor();
  const shown = page.locator('.event-row', { hasText: 'temperature' });
  await shown.first().waitFor();
  await publish(server.url, [event(`${here}/sensors/climate`, { temperature: { value: -7, unit: 'Cel' } })]);
  await shown.getByText('-7').waitFor();
  await until(() => page.evaluate(() => location.hash.startsWith('#/contexts')), 'the link says so');
  await page.goBack();
  await title(page, 'Room 4').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('tree').waitFor();
  await closePage(page, server.url);
});

test('a place with too many contexts leads on to those inside it', async () => {
  const name = unique('city');
  const contexts = Array.from({ length: 130 }, (_, i) => `/${name}/house/${i}/meter`);
  await publish(
    server.url,
    contexts.map((context) => event(context, { kwh: 1 })),
  );
  const page = await openRoom(`/${name}/house`);
  await page.getByText('130 contexts are in here').waitFor();
  assert.equal(await page.locator('.card').count(), 0);
  await page.getByRole('link', { name: /^7\s*1$/ }).click();
  await card(page, `/${name}/house/7/meter`).waitFor();
  await closePage(page, server.url);
});

test('a place that nothing is known of says so, and shows what comes', async () => {
  const context = `/${unique('empty')}/room/9`;
  const page = await openRoom(context);
  await page.getByText('Nothing has been heard from here yet').waitFor();
  await publish(server.url, [event(context, { celsius: 4 })]);
  await until(async () => /^4\s*°C$/.test((await values(page, context))[0] ?? ''), 'the first value');
  await closePage(page, server.url);
});
