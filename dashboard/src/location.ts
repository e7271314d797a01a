// What is looked at, kept in the URL's hash so that a link shows the same: page, selected context, open nodes, filter.
import { batch, effect, signal } from '@preact/signals';

/** The pages with their names, in the order of the navigation and of the keys 1, 2, … */
export const PAGES = {
  contexts: 'Contexts',
  streams: 'Streams',
  subscriptions: 'Subscriptions',
  queues: 'Queues',
  'dead-letters': 'Dead letters',
  schedules: 'Schedules',
  queries: 'Queries',
  views: 'Views',
} as const;

/** The view of one place is no page of the navigation: one comes to it from a context, or by its link. */
export type Page = keyof typeof PAGES | 'room';

export const page = signal<Page>('contexts');
/** What is open on the pages from subscriptions on: its name or id; empty if nothing is. Of a room, its context. */
export const item = signal('');
/** What the dead letters are searched by, without empty fields. Replaced, not changed. */
export const letterSearch = signal<Readonly<Record<string, string>>>({});
export const selected = signal('/');
/** Whether the events of everything below the selected context are shown too. */
export const below = signal(true);
export const filter = signal('');
/** Contexts whose children are shown. Replaced, not changed. */
export const open = signal<ReadonlySet<string>>(new Set(['/']));
/** Whether the link said what is open; otherwise the page chooses. */
export let openGiven = false;

const HASH_LIMIT = 16_000;

interface Twig {
  [name: string]: Twig;
}

const escape = (name: string) =>
  name === ''
    ? '~'
    : encodeURIComponent(name.toWellFormed()).replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);

/** Paths as nested lists, `org(contoso(a,b))`: short even for thousands that share their beginnings. */
export function packPaths(paths: Iterable<string>, depth = 32): string {
  const root: Twig = Object.create(null) as Twig;
  for (const path of paths) {
    if (path === '/') continue;
    const names = path.slice(1).split('/');
    if (names.length > depth) continue;
    let at = root;
    for (const name of names) at = at[escape(name)] ??= Object.create(null) as Twig;
  }
  const write = (twig: Twig): string =>
    Object.entries(twig)
      .map(([name, inner]) => (Object.keys(inner).length > 0 ? `${name}(${write(inner)})` : name))
      .join(',');
  const text = write(root);
  return text.length > HASH_LIMIT && depth > 1 ? packPaths(paths, depth - 1) : text;
}

export function unpackPaths(text: string): Set<string> {
  const paths = new Set(['/']);
  const parents = [''];
  let last = '';
  for (const token of text.match(/[^(),]+|[()]/g) ?? []) {
    if (token === '(') parents.push(last);
    else if (token === ')') parents.pop();
    else {
      last = `${parents.at(-1) ?? ''}/${token === '~' ? '' : decode(token)}`;
      paths.add(last);
    }
  }
  return paths;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isTree = () => page.value === 'contexts' || page.value === 'streams';

/** Shows a page, with one thing on it open if there is a name; without one, it searches by nothing unless told. */
export function go(to: Page, name = '', search: Readonly<Record<string, string>> = {}): void {
  batch(() => {
    if (to === 'dead-letters' && !name) letterSearch.value = search;
    page.value = to;
    item.value = name;
  });
}

/** Shows a context and its events. */
export function showContext(context: string): void {
  batch(() => {
    selected.value = context;
    go('contexts');
  });
}

/** The field of the link that says what is open; slashes of a context stay readable. */
const openField = (to: Page, name: string) =>
  to === 'room' ? `context=${escape(name).replaceAll('%2F', '/')}` : `name=${escape(name)}`;

export const linkTo = (to: Page, name = '') => `#/${to}${name && `?${openField(to, name)}`}`;

function writeItem(): string {
  const fields = Object.entries(page.value === 'dead-letters' ? letterSearch.value : {});
  const parts = fields.map(([field, value]) => `search.${field}=${escape(value)}`);
  if (item.value) parts.unshift(openField(page.value, item.value));
  return `#/${page.value}${parts.length > 0 ? `?${parts.join('&')}` : ''}`;
}

function write(): string {
  if (!isTree()) return writeItem();
  const parts: string[] = [];
  if (selected.value !== '/') parts.push(`at=${packPaths([selected.value])}`);
  if (!below.value) parts.push('only');
  parts.push(`open=${packPaths(open.value)}`);
  if (filter.value) parts.push(`filter=${escape(filter.value)}`);
  return `#/${page.value}?${parts.join('&')}`;
}

function read(): void {
  const [path = '', query = ''] = location.hash.slice(2).split('?');
  page.value = path === 'room' || Object.hasOwn(PAGES, path) ? (path as Page) : 'contexts';
  const fields = new Map(query.split('&').map((part) => part.split('=') as [string, string | undefined]));
  item.value = decode(fields.get(page.value === 'room' ? 'context' : 'name') ?? '');
  if (!isTree()) {
    const searched = [...fields].filter(([name]) => name.startsWith('search.'));
    if (page.value === 'dead-letters')
      letterSearch.value = Object.fromEntries(searched.map(([name, value]) => [name.slice(7), decode(value ?? '')]));
    return;
  }
  const packed = fields.get('open');
  openGiven = packed !== undefined;
  if (packed !== undefined) open.value = unpackPaths(packed);
  const at = fields.get('at');
  selected.value = at ? ([...unpackPaths(at)].at(-1) ?? '/') : '/';
  below.value = !fields.has('only');
  filter.value = decode(fields.get('filter') ?? '');
}

/** Reads the link and from then on keeps it true. Changes are written a little later, as browsers limit their number. */
export function keepLocation(): void {
  read();
  let timer = 0;
  let written = location.hash;
  const place = () => `${page.peek()} ${item.peek()}`;
  let shownPlace = place();
  effect(() => {
    const next = write();
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (next === written) return;
      written = next;
      // Going to another page, or opening something on it, is a step back and forth; everything else is not.
      if (shownPlace !== place()) history.pushState(null, '', next);
      else history.replaceState(null, '', next);
      shownPlace = place();
    }, 250);
  });
  const reread = () => {
    if (location.hash === written) return;
    written = location.hash;
    batch(read);
    shownPlace = place();
  };
  addEventListener('hashchange', reread);
  addEventListener('popstate', reread);
}
