// What reacts to the simulated building: subscriptions that keep up or do not, a queue with workers, dead letters.

/** Sets everything up, and lets it live. */
export function react(broker, queries) {
  ask(queries);
  broker.put('subscriptions', 'evacuation', {
    pattern: '/org/contoso/**',
    types: ['com.contoso.fire.*', 'com.contoso.gas.*'],
    push: { url: 'https://evacuation.contoso.example/alarm' },
  });
  broker.put('subscriptions', 'occupancy', {
    pattern: '/org/contoso/**',
    types: ['com.contoso.occupancy.changed'],
    queue: 'security',
  });
  broker.put('subscriptions', 'archive', { pattern: '/**', pull: { lease: '1m' } });
  broker.put('queues', 'security', { lease: '1m', deliveriesMax: 10 });
  broker.put('queues', 'fire-department', { lease: '5m', ordered: true });
  broker.put('schedules', 'nightly', {
    cron: '30 2 * * MON-FRI',
    timeZone: 'Europe/Berlin',
    target: { context: '/org/contoso/clock' },
    event: { type: 'com.contoso.night' },
  });
  broker.put('schedules', 'rounds', {
    every: '15m',
    target: { queue: 'security' },
    job: { type: 'com.contoso.round' },
  });
  broker.get('schedules', 'nightly').times = { next: '2030-01-01T01:30:00Z', last: null, lastProblem: null };
  broker.get('schedules', 'rounds').times = { next: '2030-01-01T00:15:00Z', last: '2026-01-01T00:00:00Z' };
  broker.get('queues', 'security').waiting = 2;
  const [evacuation, occupancy] = ['evacuation', 'occupancy'].map((name) => broker.get('subscriptions', name));
  const timer = setInterval(() => {
    for (const event of evacuation.pending.splice(0)) deliver(broker, evacuation, event);
    for (const { event } of occupancy.pending.splice(0)) {
      occupancy.settled();
      broker.enqueue('security', JSON.stringify(event));
    }
    for (const { token } of broker.receive('security', Math.round(Math.random()))) {
      broker.settle('security', { token, action: 'complete' });
    }
  }, 500);
  return () => clearInterval(timer);
}

const CLIMATE = { climate: { pattern: '/org/contoso/**', types: ['com.contoso.climate.reading'] } };

/** Queries over the building, of which one fails, and the views that they and its sensors keep current. */
function ask(queries) {
  queries.put('queries', 'floor-average', {
    inputs: CLIMATE,
    sql: FLOOR_AVERAGE,
    output: { context: '/derived/floor/{floor}', type: 'com.contoso.floor.average', subject: '{floor}' },
    eventTime: { delay: '1s', late: 'drop-to context', lateContext: '/late/floor-average' },
  });
  for (const floor of ['1', '2', '3'])
    queries.first('floor-average', { floor, average: 21, humidity: 45, readings: 1 });
  queries.put('queries', 'room-averages', {
    inputs: CLIMATE,
    sql: "SELECT context_segment(context, 'room') AS room,\n       AVG(celsius) AS average,\n       MAX(co2) AS co2,\n       COUNT(*) AS readings\nFROM climate\nGROUP BY context_segment(context, 'room')",
    output: { view: 'room-averages' },
  });
  queries.put('queries', 'alarm-share', {
    inputs: { gas: { pattern: '/org/contoso/**', types: ['com.contoso.gas.reading'] } },
    sql: 'SELECT context,\n       ppm,\n       1 / 0 AS share\nFROM gas',
    output: { context: '/derived/alarms', type: 'com.contoso.alarm.share' },
  });
  queries.put('views', 'room-averages', {});
  queries.put('views', 'sensors', {
    from: { stream: 'building-41', pattern: '/org/contoso/**' },
    key: '{context}',
  });
}

const FLOOR_AVERAGE = `-- The average of each floor
SELECT context_segment(context, 'floor') AS \`floor\`,
       AVG(celsius) AS average,
       AVG(humidity) AS humidity,
       COUNT(*) AS readings
FROM TABLE(TUMBLE(TABLE climate, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY context_segment(context, 'floor'), window_start, window_end`;

function deliver(broker, group, { event, context }) {
  if (Math.random() > 0.02) return group.settled();
  const detail = 'the sink answered 503';
  group.lastFailure = `${new Date().toISOString()}: ${detail}`;
  broker.bury(group, JSON.stringify(event), {
    reason: 'attempts-exhausted',
    detail,
    status: 503,
    attempts: 30,
    context,
  });
}
