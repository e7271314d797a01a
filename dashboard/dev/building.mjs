// A simulated building: which sensors there are, how often they speak and what they say.

const SENSORS = {
  climate: { everySeconds: 4, type: 'com.contoso.climate.reading' },
  occupancy: { everySeconds: 9, type: 'com.contoso.occupancy.changed' },
  gas: { everySeconds: 6, type: 'com.contoso.gas.reading' },
  fire: { everySeconds: 20, type: 'com.contoso.fire.heartbeat' },
};

/** Every sensor's context with its kind; floors x rooms x 4 of them. */
export function sensors(floors, rooms) {
  const all = [];
  for (let floor = 1; floor <= floors; floor++) {
    for (let room = 1; room <= rooms; room++) {
      for (const kind of Object.keys(SENSORS)) {
        const unit = 'jkl'[(room - 1) % 3];
        const place = `/org/contoso/site/berlin/building/41/floor/${floor}/unit/${unit}/room/${room}`;
        all.push({ context: `${place}/sensors/${kind}`, kind, floor, room, state: Math.random() });
      }
    }
  }
  return all;
}

/** The sensor's next event. */
export function reading(sensor, sequence) {
  sensor.state = Math.min(1, Math.max(0, sensor.state + (Math.random() - 0.5) * 0.08));
  const device = `/sensors/${sensor.kind}-${sensor.floor}-${sensor.room}`;
  return {
    specversion: '1.0',
    id: String(sequence),
    source: device,
    type: SENSORS[sensor.kind].type,
    subject: `room ${sensor.room}`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: measure(sensor),
  };
}

function measure({ kind, state }) {
  switch (kind) {
    case 'climate':
      return {
        celsius: Math.round((18 + state * 6) * 100) / 100,
        humidity: Math.round(300 + state * 300) / 10,
        co2: Math.round(420 + state * 800),
      };
    case 'occupancy':
      return { occupied: state > 0.5, people: Math.max(0, Math.round((state - 0.5) * 12)) };
    case 'gas':
      return { ppm: Math.round(state * 80) / 10, alarm: false };
    default:
      return { state: 'ok', battery: Math.round(60 + state * 40) };
  }
}

/** Lets the sensors speak at a believable pace; returns a function that ends it. */
export function live(all, publish) {
  let sequence = 0;
  const due = all.map((s) => ({ sensor: s, at: Date.now() + Math.random() * 1000 * SENSORS[s.kind].everySeconds }));
  const timer = setInterval(() => {
    const now = Date.now();
    for (const entry of due) {
      if (entry.at > now) continue;
      publish(entry.sensor.context, reading(entry.sensor, ++sequence));
      entry.at = now + SENSORS[entry.sensor.kind].everySeconds * 1000 * (0.6 + Math.random() * 0.8);
    }
  }, 50);
  return () => clearInterval(timer);
}

/** Lets the sensors speak in turn, so many events a second together; returns a function that ends it. */
export function flood(all, eventsPerSecond, publish) {
  for (const [i, sensor] of all.entries()) publish(sensor.context, reading(sensor, i));
  let sequence = all.length;
  const started = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const owed = Math.floor(((performance.now() - started) / 1000) * eventsPerSecond);
    for (; sent < owed; sent++) {
      const sensor = all[(sent * 7919) % all.length];
      publish(sensor.context, reading(sensor, ++sequence));
    }
  }, 10);
  return () => clearInterval(timer);
}
