// Queries of the real server: its engine starts with the first of them, which takes a while.
import { after, before, test } from 'node:test';
import {
  closePage,
  event,
  launch,
  openPage,
  publish,
  send,
  startServer,
  statusOf,
  unique,
  until,
} from '../harness.mjs';

const PATIENCE = { timeout: 90_000 };

let server, browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a statement is tried, and a query fills a context', async () => {
  const place = unique('rooms');
  await publish(server.url, [
    event(`/${place}/room/1`, { celsius: 20 }),
    event(`/${place}/room/1`, { celsius: 30 }),
    event(`/${place}/room/2`, { celsius: 10 }),
  ]);
  const page = await openPage(browser, server.url, '#/queries');
  await page.getByRole('button', { name: 'Try SQL' }).click();
  await page
    .getByLabel('SQL', { exact: true })
    .fill(`SELECT context, celsius FROM \`/${place}/**\` WHERE celsius > 15`);
  await page.getByLabel('SQL', { exact: true }).press('Control+Enter');
  const result = page.getByRole('region', { name: 'Result' });
  await result.getByText(/2 rows/).waitFor(PATIENCE);
  await send(server.url, 'PUT', `/api/v1/queries/${place}`, {
    sql: `SELECT context, celsius FROM \`/${place}/**\` WHERE celsius > 15`,
    output: { context: '/warm{context}' },
    start: 'earliest',
  });
  await until(async () => {
    const status = await statusOf(server.url, 'queries', place);
    return status.state === 'running' && status.counts.output === 2;
  }, 'the query runs');
  await page.goto(`${server.url}/dashboard/#/queries?name=${place}`);
  await page.getByRole('heading', { name: place }).waitFor();
  await closePage(page, server.url);
});
