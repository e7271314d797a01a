// What the fake server knows: the latest events, the tree of contexts, and who follows them.

const KEPT = 200_000;

export class Store {
  started = new Date();
  events = [];
  firstSequence = 0;
  root = context('');
  followers = new Set();
  streams = [stream('events', '/', 4, 'synced', '7d'), stream('building-41', '/org/contoso', 2, 'buffered', '14d')];

  /** Records one event and hands it to everyone who follows its context. `exact` is the text of its JSON data. */
  publish(path, event, exact) {
    const target = this.streams.findLast((s) => s.mount === '/' || `${path}/`.startsWith(`${s.mount}/`));
    const partition = target.partitions[hash(event.partitionkey ?? path) % target.partitions.length];
    const recorded = new Date().toISOString();
    const envelope = {
      context: path,
      stream: target.name,
      partition: partition.partition,
      offset: partition.end++,
      recorded,
      event,
    };
    const text = JSON.stringify(envelope).replace('"@EXACT@"', () => exact);
    partition.published++;
    partition.bytes += text.length;
    partition.lastRecorded = recorded;
    this.#count(path, JSON.parse(text));
    this.find(path).latestText = text;
    const stored = { sequence: this.firstSequence + this.events.length, path, text, recorded: Date.parse(recorded) };
    this.events.push(stored);
    if (this.events.length > KEPT * 2) {
      this.firstSequence += KEPT;
      this.events.splice(0, KEPT);
    }
    for (const follower of this.followers) follower.offer(stored);
    return { stream: target.name, partition: partition.partition, offset: envelope.offset };
  }

  #count(path, envelope) {
    const walked = [this.root];
    let at = this.root;
    for (const name of path.slice(1).split('/')) {
      let next = at.children.get(name);
      if (!next) at.children.set(name, (next = context(`${at.context}/${name}`)));
      walked.push((at = next));
    }
    for (const each of walked) {
      each.published++;
      if (!at.latest) each.contexts++;
    }
    at.latest = envelope;
  }

  find(path) {
    let at = this.root;
    if (path === '/') return at;
    for (const name of path.slice(1).split('/')) {
      at = at?.children.get(name);
    }
    return at;
  }

  /** The events behind a starting point: a time, a position, `first`, `last` or `next`. */
  since(from) {
    if (from === 'next') return [];
    if (from === 'last') return this.events.slice(-1);
    if (from.startsWith('fake:')) return this.events.slice(Math.max(0, Number(from.slice(5)) - this.firstSequence));
    if (from === 'first') return this.events;
    const time = Date.parse(from);
    if (Number.isNaN(time)) return undefined;
    const index = this.events.findIndex((e) => e.recorded >= time);
    return index < 0 ? [] : this.events.slice(index);
  }
}

function context(path) {
  return { context: path, children: new Map(), published: 0, contexts: 0, latest: undefined };
}

function stream(name, mount, count, durability, time) {
  const partitions = Array.from({ length: count }, (_, partition) => ({
    partition,
    start: 0,
    end: 0,
    bytes: 0,
    published: 0,
    state: 'open',
  }));
  return { name, mount, durability, retention: { time }, partitions };
}

function hash(text) {
  let h = 17;
  for (let i = 0; i < text.length; i++) h = (h * 31 + text.charCodeAt(i)) >>> 0;
  return h;
}

/** A test of contexts against a pattern: `*` for a segment, a last `**` for everything from there on. */
export function matcher(pattern) {
  const wanted = pattern.slice(1).split('/');
  const open = wanted.at(-1) === '**';
  if (open) wanted.pop();
  return (path) => {
    const names = path.slice(1).split('/');
    if (open ? names.length < wanted.length : names.length !== wanted.length) return false;
    return wanted.every((w, i) => w === '*' || w === names[i]);
  };
}
