// Ten thousand contexts, and five thousand events a second for a while: the page stays small and answers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  closePage,
  event,
  launch,
  openPage,
  publish,
  rowCount,
  rowOf,
  startServer,
  unique,
  until,
} from './harness.mjs';

const FLOORS = 100;
const ROOMS = 100;
const EVENTS_A_SECOND = 5000;
const BATCH = 250;

let server, browser;
before(async () => {
  server = await startServer('empty');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.stop();
});

/** Publishes to the contexts in turn until it is stopped; `sent` tells how many are acknowledged. */
function flood(contexts) {
  const state = { sent: 0, running: true, started: performance.now() };
  let next = 0;
  const lane = async () => {
    while (state.running) {
      const owed = ((performance.now() - state.started) / 1000) * EVENTS_A_SECOND;
      if (next > owed) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      const first = next;
      next += BATCH;
      const batch = Array.from({ length: BATCH }, (_, i) => {
        const n = first + i;
        return event(contexts[(n * 7919) % contexts.length], { n });
      });
      await publish(server.url, batch);
      state.sent += BATCH;
    }
  };
  const lanes = [lane(), lane()];
  state.stop = async () => {
    state.running = false;
    await Promise.all(lanes);
    return (state.sent / (performance.now() - state.started)) * 1000;
  };
  return state;
}

test('10,000 contexts and 5,000 events a second', async (t) => {
  const name = unique('load');
  const contexts = [];
  for (let f = 1; f <= FLOORS; f++) for (let r = 1; r <= ROOMS; r++) contexts.push(`/${name}/floor/${f}/room/${r}`);
  for (let i = 0; i < contexts.length; i += 500) {
    await publish(
      server.url,
      contexts.slice(i, i + 500).map((context) => event(context, { n: 0 })),
    );
  }
  const page = await openPage(browser, server.url, `#/contexts?at=${name}(floor)&open=${name}(floor)`);
  await rowOf(page, `/${name}/floor`).waitFor();
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((e) => e.duration))).observe({
      type: 'longtask',
    });
  });
  await page.getByRole('tree').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await until(async () => (await rowCount(page, '.tree', 26)) >= contexts.length, 'all contexts are open', 60_000);

  const load = flood(contexts);
  await page.getByText('a sample: more come than can be read').waitFor({ timeout: 60_000 });
  await page.evaluate(() => (window.longTasks.length = 0));
  let nodes = 0;
  const measure = async () => {
    nodes = Math.max(nodes, await page.evaluate(() => document.getElementsByTagName('*').length));
    assert.ok((await rowCount(page, '.events', 25)) <= 500, 'at most 500 events are held');
  };
  const started = performance.now();
  const waits = [];
  await page.getByRole('tree').hover();
  for (let i = 0; i < 40; i++) {
    await page.mouse.wheel(0, i % 10 === 9 ? -60_000 : 6000);
    const pressed = performance.now();
    await page.keyboard.press('ArrowDown');
    const active = () =>
      page.evaluate(() => document.querySelector('[role=tree]').getAttribute('aria-activedescendant'));
    const before = await active();
    await until(async () => (await active()) === before || true, 'the tree answers');
    waits.push(performance.now() - pressed);
    await measure();
  }
  const seconds = (performance.now() - started) / 1000;
  // The last turn of the wheel may come behind the key, and take the selected row out of the page.
  const selected = page.locator('[role=treeitem][aria-selected=true]');
  await until(async () => {
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    return (await selected.count()) === 1;
  }, 'the selected row is in the page');
  const active = await selected.getAttribute('data-context');
  const floor = /\/floor\/(\d+)(?:\/room(?:\/(\d+))?)?$/.exec(active);
  assert.ok(floor, `every key was taken, the tree is at ${active}`);
  assert.equal((Number(floor[1]) - 1) * (ROOMS + 1) + 1 + Number(floor[2] ?? 0), 40, 'forty steps down');
  await page.keyboard.press('Home');
  await page.getByText('a sample: more come than can be read').waitFor({ timeout: 60_000 });
  // The key moved to another context, whose list begins empty: what counts is the note that stands over a full one.
  let note = '';
  await until(async () => {
    note = await page.locator('.event-note').innerText();
    const [shown, all] = (/([\d,]+) of ([\d,]+)/.exec(note) ?? ['', '0', '0'])
      .slice(1)
      .map((text) => Number(text.replaceAll(',', '')));
    return shown === 500 && shown < all && (await rowCount(page, '.events', 25)) === 500;
  }, 'the ring is full');
  await measure();
  const achieved = await load.stop();

  assert.ok(nodes < 2500, `${nodes} elements in the page`);
  const tasks = await page.evaluate(() => window.longTasks);
  waits.sort((a, b) => a - b);
  t.diagnostic(
    `${Math.round(achieved)} events/s were published; at most ${nodes} elements; note: ${note.replace(/\s+/g, ' ')}`,
  );
  t.diagnostic(
    `in ${seconds.toFixed(1)} s of scrolling and keys: ${tasks.length} tasks over 50 ms, the longest ` +
      `${Math.round(Math.max(0, ...tasks))} ms; key to frame: median ${Math.round(waits[20])} ms, longest ${Math.round(waits.at(-1))} ms`,
  );
  await closePage(page, server.url);
});
