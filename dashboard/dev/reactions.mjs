// What reacts to the simulated building: subscriptions that keep up or do not, a queue with workers, dead letters.

/** Sets everything up, and lets it live. */
export function react(broker) {
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
