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
  await publish(
    server.url,
    subjects.map((subject, i) => event(`/${name}/x`, { celsius: 20 + i, room: subject }, { subject })),
  );
  await until(async () => (await statusOf(server.url, 'views', name)).keys === subjects.length, 'all keys');
  return { name };
}

test('what the server refuses is told, and so is what is not there', async () => {
  const page = await openPage(browser, server.url, '#/views?name=no-such-view');
  await page.getByText('There is no view of this name.').waitFor();
  const { name } = await view([]);
  await page.goto(`${server.url}/dashboard/#/views?name=${name}`);
  await page.getByText('There are no keys yet.').waitFor();
  await page.route('**/api/v1/views', (route) => route.fulfill({ json: { items: [] } }));
  await page.getByText('There are no views yet.').waitFor();
  await page.unroute('**/api/v1/views');
  const other = await view();
  await page.route(`**/views/${other.name}?*`, (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"the view is loading"}' }),
  );
  await page.goto(`${server.url}/dashboard/#/views?name=${other.name}`);
  await page.getByRole('alert').getByText('The server answered 503: the view is loading').waitFor();
  await closePage(page, server.url, { allowed: /503/ });
});
