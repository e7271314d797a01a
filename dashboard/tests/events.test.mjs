import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closePage, event, launch, openPage, publish, publishIn, startServer, unique, until } from './harness.mjs';

let server, browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const dataOf = (page) => page.getByLabel('Data').innerText();
const factOf = (page, name) =>
  page
    .locator('.fact', { has: page.locator('dt', { hasText: name }) })
    .locator('dd')
    .innerText();

test('an event is shown whole: attributes, where it is recorded, exact data', async () => {
  const context = `/${unique('whole')}`;
  const exact = '{"b":12345678901234567890,"a":[1.50,null,{}],"10":"x\\u00e4","2":true}';
  const plain = event(context, null, { subject: 'room 4', time: '2026-03-01T12:00:00.123456Z', comexampleother: 'x' });
  const { data: _, datacontenttype, ...attributes } = plain;
  const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURIComponent(value)]);
  const response = await fetch(`${server.url}/events${context}`, {
    method: 'POST',
    headers: [...headers, ['Content-Type', datacontenttype]],
    body: exact,
  });
  assert.equal(response.status, 202);
  const page = await openPage(browser, server.url, `#/contexts?at=${context.slice(1)}&only`);
  // The newest event that was there before opens by itself.
  await page.getByRole('region', { name: 'Event' }).getByRole('heading', { name: 'test.reading' }).waitFor();
  assert.equal(await factOf(page, 'id'), plain.id);
  assert.equal(await factOf(page, 'source'), context);
  assert.equal(await factOf(page, 'subject'), 'room 4');
  assert.equal(await factOf(page, 'time'), '2026-03-01T12:00:00.123456Z');
  assert.equal(await factOf(page, 'comexampleother'), 'x');
  assert.equal(await factOf(page, 'context'), context);
  assert.match(await factOf(page, 'stream'), /^[a-z0-9-]+, partition \d+, offset \d+$/);
  assert.match(await factOf(page, 'recorded'), /^\d{4}-\d\d-\d\dT.*Z$/);
  const shown = await dataOf(page);
  assert.match(shown, /^\{\n {2}"b": 12345678901234567890,\n {2}"a": \[\n/);
  assert.match(shown, /1\.50,/);
  assert.equal(await page.locator('.json-number').first().innerText(), '12345678901234567890');
  await closePage(page, server.url);
});

test('events pass live, newest first, and each can be chosen; text and bytes have their own look', async () => {
  const context = `/${unique('kinds')}`;
  const page = await openPage(browser, server.url, `#/contexts?at=${context.slice(1)}`);
  await page.locator('.follow-state.live').waitFor();
  await publish(server.url, [event(context, { n: 1 })]);
  await page.locator('.event-row', { hasText: '{"n":1}' }).waitFor();
  const bytes = Buffer.from([0, 1, 2, 255, 72, 105, 33, 10, 200, 201, 202, 203, 65, 66, 67, 68, 69]);
  await publish(server.url, [
    event(`${context}/below`, 'one\ntwo', { datacontenttype: 'text/plain' }),
    event(context, undefined, { datacontenttype: 'application/octet-stream', data_base64: bytes.toString('base64') }),
  ]);
  const rows = page.locator('.event-row');
  await until(async () => (await rows.count()) === 3, 'three events');
  await page.locator('.event-row', { hasText: 'one' }).click();
  assert.equal(await dataOf(page), 'one\ntwo');
  await page.locator('.event-row', { hasText: '17 bytes of application/octet-stream' }).click();
  assert.match(
    await dataOf(page),
    /^00000000 {2}00 01 02 ff 48 69 21 0a {2}c8 c9 ca cb 41 42 43 44 {2}····Hi!·····ABCD\n00000010 {2}45 /,
  );
  assert.match(await page.locator('.payload-kind').innerText(), /Binary, 17 B/);

  await page.mouse.move(0, 0);
  // As Kafka's producers leave it: nothing is said of what it is.
  const unsaid = (id, text) =>
    event(context, undefined, {
      datacontenttype: 'application/octet-stream',
      data_base64: Buffer.from(text).toString('base64'),
      id,
    });
  const long = `${'ä'.repeat(200)}.`;
  await publish(server.url, [unsaid('json', '{"celsius":20.50}'), unsaid('text', 'grün\t1'), unsaid('long', long)]);
  // A click on a list that is still moving may hit its neighbour.
  await until(async () => (await rows.count()) === 6, 'six events');
  await page.locator('.event-row', { hasText: '{"celsius":20.50}' }).click();
  assert.equal(await dataOf(page), '{\n  "celsius": 20.50\n}');
  await page.locator('.event-row', { hasText: 'grün' }).click();
  assert.equal(await dataOf(page), 'grün\t1');
  await page.locator('.event-row', { hasText: 'äää' }).click();
  assert.equal(await dataOf(page), long);

  const list = page.getByRole('listbox');
  await list.focus();
  await page.keyboard.press('End');
  await until(async () => (await dataOf(page)).includes('"n": 1'), 'the oldest is chosen');
  await page.keyboard.press('Escape');
  await page.getByText('Choose an event to see all of it.').waitFor();

  await page.getByRole('button', { name: 'This context' }).click();
  await until(async () => (await page.locator('.event-row', { hasText: 'one' }).count()) === 0, 'nothing from below');
  await closePage(page, server.url);
});

test('what is copied is the event, and a command that publishes it again', async () => {
  const context = `/${unique('copy')}/a b`;
  const link = `#/contexts?at=${context.slice(1).replace('/a b', '(a%20b)')}`;
  const page = await openPage(browser, server.url, link, { permissions: ['clipboard-read', 'clipboard-write'] });
  const sent = event('/test', { text: "it's" });
  await publishIn(server.url, context, sent);
  const row = page.locator('.event-row', { hasText: sent.data.text });
  await row.waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await row.click();
  const clipboard = async (button) => {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  assert.deepEqual(JSON.parse(await clipboard('Copy JSON')), sent);
  const command = await clipboard('Copy as curl');
  assert.ok(command.startsWith(`curl '${server.url}/events${context.replace(' ', '%20')}'`), command);
  const { spawnSync } = await import('node:child_process');
  const run = spawnSync('bash', ['-c', `${command} --silent --show-error`], { encoding: 'utf8' });
  assert.match(run.stdout, /"offset":\s*\d+/, run.stderr);
  await page.getByRole('button', { name: 'Go on' }).click();
  await until(async () => (await row.count()) === 2, 'it came again');
  await closePage(page, server.url);
});

test('space pauses; what came meanwhile is counted and shown afterwards', async () => {
  const context = `/${unique('pause')}`;
  const page = await openPage(browser, server.url, `#/contexts?at=${context.slice(1)}`);
  await page.locator('.follow-state.live').waitFor();
  await publish(server.url, [event(context, { n: 0 })]);
  const rows = page.locator('.event-row');
  await until(async () => (await rows.count()) === 1, 'the first event');
  await page.getByRole('tree').focus();
  await page.keyboard.press('Space');
  await page.locator('.follow-state.paused').waitFor();
  await publish(
    server.url,
    [1, 2, 3].map((n) => event(context, { n })),
  );
  await page.getByText('3 since the pause').waitFor();
  assert.equal(await rows.count(), 1);
  assert.match(await page.locator('.event-note').innerText(), /1 of 4 shown/);
  await page.keyboard.press('Space');
  await until(async () => (await rows.count()) === 4, 'all four events');
  assert.match(await rows.first().innerText(), /"n":3/);
  assert.match(await page.locator('.event-note').innerText(), /4 of 4 shown/);
  await closePage(page, server.url);
});

test('who has scrolled down keeps the place while new events come', async () => {
  const context = `/${unique('anchor')}`;
  const batch = (from) => Array.from({ length: 60 }, (_, i) => event(context, { n: from + i }));
  await publish(server.url, batch(1000));
  const page = await openPage(browser, server.url, `#/contexts?at=${context.slice(1)}`);
  const list = page.getByRole('listbox');
  await until(async () => /60 of 60/.test(await page.locator('.event-note').innerText()), 'the first batch');
  await list.evaluate((element) => (element.scrollTop = 25 * 20));
  const row = page.locator('.event-row', { hasText: '{"n":1035}' });
  const before = await row.boundingBox();
  await publish(server.url, batch(2000));
  await until(async () => /120 of 120/.test(await page.locator('.event-note').innerText()), 'the second batch');
  assert.deepEqual(await row.boundingBox(), before);
  await closePage(page, server.url);
});

test('rows stay under the pointer; what came meanwhile is counted, and shown when it leaves', async () => {
  const context = `/${unique('held')}`;
  const page = await openPage(browser, server.url, `#/contexts?at=${context.slice(1)}`);
  await page.locator('.follow-state.live').waitFor();
  await page.getByRole('listbox').hover();
  // An empty list has no row that could move.
  await publish(server.url, [event(context, { n: 1 }), event(context, { n: 2 })]);
  const row = (n) => page.locator('.event-row', { hasText: `{"n":${n}}` });
  await row(1).waitFor();
  await row(2).waitFor();
  // However long it stays there.
  await page.clock.install();
  await row(1).hover();
  const before = await row(1).boundingBox();
  await publish(server.url, [event(context, { n: 3 }), event(context, { n: 4 })]);
  await page.getByText('2 new, shown when the pointer leaves the list').waitFor();
  await page.clock.fastForward(5000);
  await publish(server.url, [event(context, { n: 5 })]);
  await page.getByText('3 new, shown').waitFor();
  assert.deepEqual(await row(1).boundingBox(), before);
  await page.mouse.down();
  await page.mouse.up();
  await until(async () => (await dataOf(page)).includes('"n": 1'), 'the row under the pointer is chosen');
  // A pause and its end keep the count right.
  await page.keyboard.press('Space');
  await page.getByText('3 since the pause').waitFor();
  await page.mouse.move(0, 0);
  assert.equal(await row(4).count(), 0);
  await page.keyboard.press('Space');
  await row(5).waitFor();
  await row(1).hover();
  await publish(server.url, [event(context, { n: 6 })]);
  await page.getByText('1 new, shown').waitFor();
  await page.mouse.move(0, 0);
  await row(6).waitFor();
  assert.match(await page.locator('.event-note').innerText(), /6 of 6 shown/);
  assert.equal(await page.getByText('shown when the pointer').count(), 0);
  await closePage(page, server.url);
});

test('a list that is being filled is not held by the pointer, nor one that went away under it', async () => {
  const [first, second] = [unique('fill'), unique('fill')];
  const batch = (name, from) => Array.from({ length: 60 }, (_, i) => event(`/${name}`, { n: from + i }));
  await publish(server.url, batch(first, 1000));
  await publish(server.url, batch(second, 2000));
  const note = (page) => page.locator('.event-note').innerText();
  const page = await openPage(browser, server.url, `#/contexts?at=${first}`);
  await until(async () => /60 of 60/.test(await note(page)), 'the first context');
  await page.getByRole('listbox').hover();
  await page.evaluate((name) => (location.hash = `#/contexts?at=${name}`), second);
  let moves = 0;
  const list = await page.getByRole('listbox').boundingBox();
  await until(async () => {
    await page.mouse.move(list.x + 50 + (moves++ % 20), list.y + 50);
    return (
      /60 of 60/.test(await note(page)) && (await page.locator('.event-row', { hasText: '{"n":2059}' }).count()) > 0
    );
  }, 'the second context, while the pointer moves over the list');
  await page.evaluate((name) => (location.hash = '#/streams'), second);
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  await page.evaluate((name) => (location.hash = `#/contexts?at=${name}`), second);
  await page.getByRole('listbox').waitFor();
  await publish(server.url, batch(second, 3000));
  await page.locator('.event-row', { hasText: '{"n":3059}' }).waitFor();
  await closePage(page, server.url);
});
