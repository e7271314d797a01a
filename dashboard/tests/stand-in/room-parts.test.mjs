// What a room's page is made of, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../unit.mjs';

const [words, readings, series, sensors, places] = await Promise.all(
  ['words', 'readings', 'series', 'sensors', 'places'].map((name) => load(`room/${name}.ts`)),
);
const ROOM = '/org/contoso/site/berlin/building/41/floor/3/unit/j/room/4';
const event = (data, changes = {}) => ({ id: '1', source: '/s', type: 'test.reading', data, ...changes });

test('names are said to people', () => {
  const said = (name) => words.humanise(name);
  assert.deepEqual(['fanSpeed', 'supply_air-temp', 'co2', 'CO2', 'HVAC', '4', ''].map(said), [
    'Fan speed',
    'Supply air temp',
    'CO₂',
    'CO₂',
    'HVAC',
    '4',
    '(empty)',
  ]);
  assert.equal(words.placeName(ROOM), 'Room 4');
  assert.equal(words.placeName('/site/berlin'), 'Site Berlin');
  assert.equal(words.placeName('/hello/big/world'), 'World');
  assert.equal(words.placeName('/'), 'Everywhere');
  assert.equal(words.whereabouts(ROOM), 'Unit J · Floor 3 · Building 41');
  assert.equal(words.whereabouts('/hello/big/world'), 'Big · Hello');
  assert.equal(words.typeWords('io.contoso.building.gas.alarm.raised'), 'Gas alarm raised');
  assert.equal(words.typeWords('com.contoso.round'), 'Round');
  assert.equal(words.typeWords('greeting'), 'Greeting');
});

test('units of UCUM are shown as they are read', () => {
  const shown = {
    Cel: '°C',
    '[ppm]': 'ppm',
    '{person}': '',
    '%': '%',
    '%/m': '%/m',
    'ug/m3': 'µg/m³',
    'm/s2': 'm/s²',
    lx: 'lx',
  };
  assert.deepEqual(Object.keys(shown).map(words.unitOf), Object.values(shown));
});

test('values are found in whatever shape the data has', () => {
  const of = (data, changes) =>
    readings
      .readingsOf(event(data, changes), 'climate')
      .map(({ name, label, value, unit }) => [name, label, value, unit]);
  assert.deepEqual(of({ temperature: { value: 21.4, unit: 'Cel' }, occupied: true, mode: 'eco', none: null }), [
    ['temperature', 'Temperature', 21.4, '°C'],
    ['occupied', 'Occupied', true, ''],
    ['mode', 'Mode', 'eco', ''],
  ]);
  assert.deepEqual(of({ celsius: 20, ppm: 3, fan: { speed: 4 }, list: [1, 2] }), [
    ['celsius', 'Temperature', 20, '°C'],
    ['ppm', 'Climate', 3, 'ppm'],
    ['fan.speed', 'Fan speed', 4, ''],
    ['list', 'List', '2 entries', ''],
  ]);
  assert.deepEqual(of(21.5), [['', 'Climate', 21.5, '']]);
  // What a small device sends without saying what it is.
  const bytes = (text) => ({ data: undefined, data_base64: Buffer.from(text).toString('base64') });
  assert.deepEqual(of(undefined, bytes('19.25')), [['', 'Climate', 19.25, '']]);
  assert.deepEqual(of(undefined, bytes('{"lux":300}')), [['lux', 'Light', 300, 'lx']]);
  assert.deepEqual(of('offline'), [['', 'Climate', 'offline', '']]);
  assert.deepEqual(of(undefined, { data: undefined, data_base64: '/w==' }), []);
  assert.equal(of(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`v${i}`, i]))).length, 12);
});

test('an alarm is told by the data or the type, and what says nothing of one changes nothing', () => {
  const alarm = (data, type = 'test.reading') => readings.alarmIn(event(data, { type }));
  assert.equal(alarm({ alarm: true }), true);
  assert.equal(alarm({ alarm: { value: false } }), false);
  assert.equal(alarm({ smoke: 1 }), null);
  assert.equal(alarm({}, 'io.contoso.fire.alarm.raised'), true);
  assert.equal(alarm({}, 'io.contoso.fire.alarm.cleared'), false);
  assert.equal(alarm({}, 'io.contoso.alarming'), null);
});

test('a job concerns the place that its event comes from', () => {
  const from = (source) => readings.concerns(event({}, { source }), ROOM);
  assert.ok(from(`${ROOM}/sensors/gas`));
  assert.ok(from(`https://contoso.example${ROOM}`));
  assert.ok(!from(`${ROOM}2/sensors/gas`), 'room 42 is another room');
  assert.ok(!from('/shop'));
});

test('a course keeps its order, its length and the decimals of its number', () => {
  const course = new series.Series();
  [3000, 1000, 2000].forEach((at) => course.add(at, at / 1000 + 0.25));
  course.add(4000, Number.NaN);
  assert.deepEqual(
    course.points.map(({ at }) => at),
    [1000, 2000, 3000],
  );
  assert.equal(course.decimals, 2);
  for (let i = 0; i < 1000; i++) course.add(5000 + i, i);
  assert.equal(course.points.length, 240);
  course.add(5_000_000, 1);
  assert.equal(course.points.length, 2, 'what is long over goes, but for one point at the edge');
  assert.equal(series.course(course.points, 5_000_000, { width: 100, height: 20 }), '', 'one point is no course');
  assert.deepEqual(
    [21.3, 543, 12_400.7, 0, -1.005].map((value) => series.numeral(value, 1)),
    ['21.3', '543.0', '12,401', '0.0', '-1.0'],
  );
});

test('a course is drawn over ten minutes, and what hardly changes hardly moves', () => {
  const box = { width: 100, height: 20 };
  const now = 1_000_000;
  const line = (values) =>
    series.course(
      values.map((value, i) => ({ at: now - 300_000 * (1 - i), value })),
      now,
      box,
    );
  assert.equal(line([1, 2]), 'M50.0 18.5L100.0 1.5');
  assert.equal(line([100, 100]), 'M50.0 10.0L100.0 10.0');
  const [, left, right] = /M50\.0 ([\d.]+)L100\.0 ([\d.]+)/.exec(line([100, 100.1])).map(Number);
  assert.ok(Math.abs(left - right) < 1, 'a tenth of a percent is no mountain');
});

test('silence is stale after three of the usual pauses', () => {
  assert.equal(series.staleAfter([]), 600_000);
  assert.equal(series.staleAfter([0, 10_000, 20_000, 30_000]), 35_000);
});

test('what a sensor says at once is one word of it', () => {
  const sensor = new sensors.Sensor(`${ROOM}/sensors/gas`);
  for (const second of [0, 0.01, 60, 60.01, 120, 120.01]) sensor.take(told(second, { methane: 1 }));
  assert.ok(!sensor.isStale(180_000), 'a minute is its usual pause');
  assert.ok(sensor.isStale(310_000));
});

let offset = 0;
const told = (seconds, data, changes = {}, place = {}) => ({
  context: `${ROOM}/sensors/gas`,
  stream: 'events',
  partition: 0,
  offset: offset++,
  recorded: new Date(seconds * 1000).toISOString(),
  event: event(data, changes),
  ...place,
});

test('a sensor takes events in any order, and each once', () => {
  const sensor = new sensors.Sensor(`${ROOM}/sensors/gas`);
  const latest = told(100, { methane: 5 });
  assert.ok(sensor.take(latest));
  assert.ok(sensor.take(told(80, { methane: 3 })));
  assert.ok(!sensor.take(latest), 'it came again');
  const methane = sensor.told.get('methane');
  assert.equal(methane.value, 5);
  assert.deepEqual(
    methane.series.points.map(({ value }) => value),
    [3, 5],
  );
  assert.equal(sensor.at, 100_000);
  sensor.take(told(120, { battery: 80 }));
  assert.equal(sensor.told.get('methane').at, 100_000, 'what another event does not tell keeps its own age');
});

test('an alarm lasts from the first word of it until it is cleared', () => {
  const sensor = new sensors.Sensor(`${ROOM}/sensors/gas`);
  sensor.take(told(100, { methane: 1200, alarm: true }));
  assert.deepEqual(sensor.alarm, { since: 100_000, begun: false }, 'it may have begun before');
  sensor.take(told(90, { methane: 1100 }, { type: 'gas.alarm.raised' }));
  sensor.take(told(60, { methane: 2, alarm: false }));
  assert.deepEqual(sensor.alarm, { since: 90_000, begun: true });
  sensor.take(told(110, { battery: 80 }));
  assert.ok(sensor.alarm, 'what says nothing of it does not end it');
  sensor.take(told(120, { methane: 2 }, { type: 'gas.alarm.cleared' }));
  assert.equal(sensor.alarm, null);
});

test('a last will makes a device offline until it is back', () => {
  const sensor = new sensors.Sensor(`${ROOM}/status`);
  sensor.take(told(1, 'offline', { datacontenttype: 'text/plain' }));
  assert.ok(sensor.isOffline);
  sensor.take(told(2, 'online', { datacontenttype: 'text/plain' }));
  assert.ok(!sensor.isOffline);
});

test('sensors are grouped by where they are, in the order of their names', () => {
  const all = [
    'unit/j/room/10/sensors/gas',
    'unit/j/room/4/sensors/gas',
    'unit/j/room/4/sensors/climate',
    'status',
  ].map((name) => new sensors.Sensor(`/floor/3/${name}`));
  assert.deepEqual(
    sensors
      .grouped(all, '/floor/3')
      .map(({ heading, place, sensors }) => [heading, place, sensors.map((s) => s.name).join()]),
    [
      ['', null, 'status'],
      ['Unit J · Room 4', '/floor/3/unit/j/room/4', 'climate,gas'],
      ['Unit J · Room 10', '/floor/3/unit/j/room/10', 'gas'],
    ],
  );
});

/** A tree of contexts that answers as the server does. */
const tree = (paths) => async (contexts) =>
  new Map(
    contexts.map((above) => {
      const names = paths
        .filter((path) => path.startsWith(`${above}/`))
        .map((path) => path.slice(above.length + 1).split('/')[0]);
      return [above, [...new Set(names)].map((name) => ({ name, context: `${above}/${name}` }))];
    }),
  );

test('neighbours are the rooms of the floor, across its units; other floors lead to the same room', async () => {
  const rooms = [
    '2/unit/d/room/4',
    '2/unit/e/room/9',
    '3/unit/h/room/3',
    '3/unit/j/room/4',
    '3/unit/j/room/5',
    '10/unit/a/room/1',
  ];
  const children = tree(rooms.map((room) => `/b/41/floor/${room}/sensors/climate`));
  const here = '/b/41/floor/3/unit/j/room/4';
  const floors = await places.findFloors(here, children);
  assert.deepEqual(
    floors.map(({ name, places }) => [name, places.map((place) => place.name).join()]),
    [
      ['Floor 2', 'Room 4,Room 9'],
      ['Floor 3', 'Room 3,Room 4,Room 5'],
      ['Floor 10', 'Room 1'],
    ],
  );
  const ways = places.waysFrom(here, floors);
  assert.deepEqual(Object.fromEntries(Object.entries(ways).map(([way, to]) => [way, `${to?.name} ${to?.context}`])), {
    before: 'Room 3 /b/41/floor/3/unit/h/room/3',
    after: 'Room 5 /b/41/floor/3/unit/j/room/5',
    down: 'Floor 2 /b/41/floor/2/unit/d/room/4',
    up: 'Floor 10 /b/41/floor/10/unit/a/room/1',
  });
  assert.equal(places.parentOf(here), '/b/41/floor/3/unit/j');
});

test('where there are no floors, neighbours are what has the same parent', async () => {
  const floors = await places.findFloors('/plant/boiler', tree(['/plant/boiler/x', '/plant/pump', '/plant/valve']));
  assert.deepEqual(
    floors[0].places.map(({ context }) => context),
    ['/plant/boiler', '/plant/pump', '/plant/valve'],
  );
  const { before, after, up, down } = places.waysFrom('/plant/boiler', floors);
  assert.deepEqual([before, after?.name, up, down], [null, 'Plant Pump', null, null]);
  assert.deepEqual(await places.findFloors('/', tree([])), []);
});
