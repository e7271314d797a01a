import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closePage, event, launch, openPage, publish, startServer, unique, until } from '../harness.mjs';

let server, browser;
before(async () => {
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const AVERAGES = (pattern) =>
  [
    "SELECT context_segment(context, 'floor') AS `floor`,",
    '       AVG(celsius) AS average',
    `FROM \`${pattern}\``,
    "GROUP BY context_segment(context, 'floor')",
  ].join('\n');

/** The box, with a place of its own that has two floors. */
async function box(options = {}) {
  const place = unique('try');
  const readings = [
    [1, 20],
    [2, 10],
    [1, 30],
  ];
  await publish(
    server.url,
    readings.map(([floor, celsius]) => event(`/${place}/floor/${floor}`, { celsius })),
  );
  const page = await openPage(browser, server.url, '#/queries', options);
  await page.getByRole('button', { name: 'Try SQL' }).click();
  await page.getByRole('heading', { name: 'Try SQL' }).waitFor();
  const sql = page.getByLabel('SQL', { exact: true });
  const result = page.getByRole('region', { name: 'Result' });
  const cells = () =>
    result
      .locator('.data-row')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.innerText)));
  return { page, place, sql, result, cells };
}

/** Lets the server answer a run with these lines. */
const answer = (page, lines) =>
  page.route('**/api/v1/query/run', (route) =>
    route.fulfill({
      contentType: 'application/x-ndjson',
      body: lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
    }),
  );

test('a query of what is there runs to its end, and rows that change stay in their place', async () => {
  const { page, place, sql, result, cells } = await box();
  await sql.fill(AVERAGES(`/${place}/**`));
  await sql.press('Control+Enter');
  await result.getByText(/2 rows, 4 changes · ended: all that was asked for has been read/).waitFor();
  assert.deepEqual(await cells(), [
    ['1', '25'],
    ['2', '10'],
  ]);
  await result.getByRole('button', { name: 'average' }).click();
  await result.getByRole('button', { name: 'average' }).click();
  assert.deepEqual((await cells())[0], ['2', '10'], 'numbers are sorted as numbers');
  await closePage(page, server.url);
});

test('a query without an end grows until it is stopped', async () => {
  const { page, place, sql, result, cells } = await box();
  await sql.fill(AVERAGES(`/${place}/**`));
  await page.getByLabel('From', { exact: true }).selectOption('latest');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await result.getByText('average').waitFor();
  await publish(server.url, [event(`/${place}/floor/3`, { celsius: 5 })]);
  await until(async () => JSON.stringify(await cells()) === '[["3","5"]]', 'the first row');
  await publish(server.url, [event(`/${place}/floor/3`, { celsius: 7 })]);
  await until(async () => JSON.stringify(await cells()) === '[["3","6"]]', 'the row has changed');
  await page.getByRole('button', { name: 'Stop' }).click();
  await result.getByText(/1 row, 3 changes · stopped/).waitFor();
  await publish(server.url, [event(`/${place}/floor/4`, { celsius: 7 })]);
  await page.waitForTimeout(400);
  assert.equal((await cells()).length, 1, 'nothing comes any more');
  await closePage(page, server.url);
});

test('changes are applied one by one, equal rows are counted, and numbers are as they were sent', async () => {
  const { page, sql, result, cells } = await box();
  const big = '12345678901234567890';
  await answer(page, [
    { progress: 'starting' },
    {
      columns: [
        { name: 'a', type: 'STRING' },
        { name: 'n', type: 'BIGINT' },
      ],
    },
    `{"op":"+I","row":{"a":"x","n":${big}}}`,
    `{"op":"+I","row":{"a":"same","n":1}}`,
    `{"op":"+I","row":{"a":"same","n":1}}`,
    `{"op":"+I","row":{"a":null,"n":0.10}}`,
    `{"op":"-D","row":{"a":"same","n":1}}`,
    `{"op":"-U","row":{"a":"x","n":${big}}}`,
    `{"op":"+U","row":{"a":"y \\"quoted\\"","n":${big}}}`,
    { end: true },
  ]);
  await sql.fill('SELECT 1');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await result.getByText(/3 rows, 7 changes · ended/).waitFor();
  assert.deepEqual(await cells(), [
    ['y "quoted"', big],
    ['same', '1'],
    ['', '0.10'],
  ]);
  await closePage(page, server.url);
});

test('an error is placed in the SQL, and leads there', async () => {
  const { page, place, sql } = await box();
  await sql.fill(`SELECT context,\n       celcius\nFROM \`/${place}/**\``);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'line 2, column 8' });
  await alert.waitFor();
  const marked = page.getByLabel('SQL with the error marked').locator('.wrong-word');
  assert.equal(await marked.innerText(), 'celcius');
  await alert.getByRole('button', { name: 'line 2, column 8' }).click();
  assert.equal(await sql.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd)), 'celcius');

  const refused = page.waitForResponse((response) => response.url().endsWith('/query/explain'));
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  assert.equal((await refused).status(), 422);
  await alert.waitFor();
  assert.equal(await marked.innerText(), 'celcius', 'a refusal is placed too');
  await closePage(page, server.url, { allowed: /status of 422/ });
});

test('what is no error of the SQL is told as it is', async () => {
  const { page, sql } = await box();
  await answer(page, [{ columns: [{ name: 'a', type: 'INT' }] }, { op: '+I', row: { a: 1 } }]);
  await sql.fill('SELECT 1');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('The connection broke before the end.').waitFor();
  await page.getByText(/1 row, 1 change · failed/).waitFor();
  await page.unroute('**/api/v1/query/run');
  await page.route('**/api/v1/query/run', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"no room for a query"}' }),
  );
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('The server answered 503: no room for a query').waitFor();
  await page.getByText('Inputs', { exact: true }).click();
  await page.getByLabel('Inputs, as JSON').fill('{nonsense');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('The inputs are no JSON').waitFor();
  await closePage(page, server.url, { allowed: /status of 503/ });
});

test('explain draws the plan, and tells columns, changes, warnings and rows of a trial', async () => {
  const { page, place, sql } = await box({ viewport: { width: 390, height: 780 } });
  await sql.fill(AVERAGES(`/${place}/**`));
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  const explanation = page.getByRole('region', { name: 'Explanation' });
  await explanation.getByText('rows change: the newest one of a key counts').waitFor();
  await explanation.locator('.plan-node').first().waitFor();
  const names = await explanation
    .locator('.plan-node')
    .evaluateAll((nodes) => nodes.map((n) => n.getAttribute('aria-label')));
  assert.ok(
    names.some((name) => name.startsWith('Source:')) && names.some((name) => /Aggregate/.test(name)),
    String(names),
  );
  assert.match(await explanation.innerText(), /floor STRING, average DOUBLE/);
  await explanation.locator('td', { hasText: '25' }).waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page
    .getByRole('region', { name: 'Result' })
    .getByText(/2 rows/)
    .waitFor();
  assert.equal(await explanation.count(), 0);
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('table', { name: 'Queries' }).waitFor();
  await page.getByRole('button', { name: 'Try SQL' }).click();
  assert.match(await sql.inputValue(), /AVG/, 'what was typed is still there');
  await closePage(page, server.url);
});
