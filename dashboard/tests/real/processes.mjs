// The real server and the example, as Maven has built them, each in a process of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
const FLAGS = ['--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow', '-XX:+UseSerialGC'];

/** A module's jar and the libraries beside it. */
function classPath(module, name) {
  const target = join(checkout, module, 'target');
  const jar =
    existsSync(target) && readdirSync(target).find((file) => new RegExp(`^${name}-[0-9.]+\\.jar$`).test(file));
  assert.ok(jar, `${name} is not built: mvn package comes first`);
  return [join(target, jar), join(target, 'lib', '*')].join(':');
}

/** What the server loads with its first query. */
function queries() {
  return `-Dmillrace.queries=${classPath('query', 'millrace-query')}`;
}

/** Starts a program and waits for a line like `ready`; its match is returned. */
async function start(path, main, options, ready, flags = []) {
  const child = spawn(java, [...FLAGS, ...flags, '-cp', path, main, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const match = await new Promise((resolve, reject) => {
    lines.on('line', (line) => ready.test(line) && resolve(ready.exec(line)));
    child.once('exit', (code) => reject(new Error(`${main} ended with ${code}`)));
  });
  return { child, match };
}

async function stop(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** A real server in a folder of its own. `stop` ends it for good, `halt` and `start` let it come back. */
export async function startRealServer() {
  const data = mkdtempSync(join(tmpdir(), 'millrace-dashboard-'));
  const path = classPath('server', 'millrace-server');
  const serve = (port) =>
    start(
      path,
      'io.millrace.server.Main',
      ['--data', data, '--port', port, '--kafka-port', '0'],
      /^ready in .*?: (http:\S+)/,
      [queries()],
    );
  let running = await serve('0');
  const url = running.match[1];
  return {
    url,
    halt: (signal = 'SIGTERM') => stop(running.child, signal),
    start: async () => {
      running = await serve(new URL(url).port);
    },
    stop: async () => {
      await stop(running.child, 'SIGTERM');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The example, reporting `rate` times as often as usual. */
export async function startBuilding(url, rate = 20) {
  const { child } = await start(
    classPath('examples/building-41', 'millrace-example-building-41'),
    'io.millrace.example.building41.Main',
    ['--server', url, '--over', 'http', '--rate', String(rate)],
    /^building-41: 24 rooms/,
  );
  return { stop: () => stop(child, 'SIGTERM') };
}
