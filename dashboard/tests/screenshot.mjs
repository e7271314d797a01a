#!/usr/bin/env node
// Takes the picture for the documentation from a running server, or from the fake one.
//   [MILLRACE_URL=http://127.0.0.1:8080] node tests/screenshot.mjs OUTPUT.png [light|dark] [#/streams]
import { statSync } from 'node:fs';
import { launch, startServer, until } from './harness.mjs';

const [output, theme = 'light', hash = ''] = process.argv.slice(2);
if (!output) {
  console.error('usage: node tests/screenshot.mjs OUTPUT.png [light|dark] [#/streams]');
  process.exit(2);
}
const WARM_UP_MS = Number(process.env.WARM_UP_MS ?? 45_000);
const LIMIT_BYTES = 300_000;

const server = await startServer();
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 880 }, colorScheme: theme });
  await page.goto(`${server.url}/dashboard/${hash}`);
  await page.locator('.state-pill.ready').waitFor();
  // The courses of the rates take a while to be worth a look.
  await page.waitForTimeout(WARM_UP_MS);
  const row = page.locator('.event-row', { hasText: 'climate' }).first();
  if (!hash.includes('streams')) {
    await page.getByRole('listbox').hover();
    await row.click();
    await page.mouse.move(0, 0);
    await until(() => page.getByLabel('Data').isVisible(), 'the data of an event');
  }
  await page.screenshot({ path: output });
  const size = statSync(output).size;
  console.log(`${output}: ${size} bytes`);
  if (size > LIMIT_BYTES) throw new Error(`The picture is larger than ${LIMIT_BYTES} bytes.`);
} finally {
  await browser.close();
  server.stop();
}
