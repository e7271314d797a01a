// The frame around the pages: header, keyboard, what is said when the server is gone or empty.
import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { getServer, serverRoot } from './api';
import { beat, health, lostSince, serverProblem, totalRate } from './connection';
import { EventPane } from './events/EventPane';
import { Copy } from './events/EventDetail';
import { paused, setPaused } from './events/follow';
import * as format from './format';
import { go, item, page, PAGES, showContext } from './location';
import { PARTS } from './parts';
import { root, treeLoaded } from './tree/nodes';
import { TreeView } from './tree/TreeView';
import { Asking, DoneNotice } from './ui/Ask';
import { Help } from './ui/Help';
import { LoadedPage } from './ui/Loaded';
import { closeItem } from './ui/Pair';
import { Icon, Logo, Sparkline } from './ui/icons';
import { isDark, toggleTheme } from './ui/theme';

const helpShown = signal(false);
const version = signal('');
const NAMES = Object.keys(PAGES) as (keyof typeof PAGES)[];

export function App() {
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => {
    if (!version.value && lostSince.value === null)
      getServer()
        .then((s) => (version.value = s.version))
        .catch(() => {});
  }, [lostSince.value]);
  return (
    <>
      {page.value !== 'room' && <Header />}
      <main class={lostSince.value === null ? '' : 'stale'}>
        <Shown />
      </main>
      <Trouble />
      <DoneNotice />
      <Asking />
      <Help shown={helpShown} version={version.value} />
    </>
  );
}

function Shown() {
  const name = page.value;
  return name === 'contexts' ? <ContextsPage /> : <LoadedPage key={name} load={PARTS[name]} />;
}

function Header() {
  beat.value;
  return (
    <header class="top">
      <span class="brand">
        <Logo />
        <span>Millrace</span>
      </span>
      <nav aria-label="Pages">
        {NAMES.map((name) => (
          <PageLink key={name} name={name} label={PAGES[name]} />
        ))}
      </nav>
      <span class="space" />
      <span class="total" title="Events a second over everything, and their course in the last two minutes">
        <Sparkline values={totalRate.values} length={120} />
        <b>{format.rate(totalRate.value) || '0'}</b> events/s
      </span>
      <State />
      <button
        type="button"
        class="tool bare"
        id="theme"
        aria-label={isDark() ? 'Use the light theme' : 'Use the dark theme'}
        title={isDark() ? 'Light' : 'Dark'}
        onClick={toggleTheme}
      >
        <Icon name={isDark() ? 'sun' : 'moon'} />
      </button>
      <button
        type="button"
        class="tool bare help"
        aria-label="Help"
        title="Help (?)"
        onClick={() => (helpShown.value = true)}
      >
        ?
      </button>
    </header>
  );
}

function PageLink({ name, label }: { name: keyof typeof PAGES; label: string }) {
  const link = useRef<HTMLAnchorElement>(null);
  const current = page.value === name;
  // Where the names have no room, the one that is shown is among those that are seen.
  useEffect(() => {
    if (current) link.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <a
      ref={link}
      href={`#/${name}`}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        event.preventDefault();
        go(name);
      }}
    >
      {label}
    </a>
  );
}

function State() {
  const lost = lostSince.value !== null;
  const state = lost ? 'unreachable' : (health.value?.status ?? 'connecting');
  const problems = (health.value?.problems ?? []).map(describe).join('\n');
  return (
    <span
      class={`state-pill ${state}`}
      role="status"
      title={lost ? 'The server does not answer' : problems || undefined}
    >
      {state}
    </span>
  );
}

function describe(problem: unknown): string {
  if (typeof problem === 'string') return problem;
  const { detail, title } = problem as { detail?: string; title?: string };
  return detail ?? title ?? JSON.stringify(problem);
}

/** Lies over the page, so that nothing moves when it comes and goes. */
function Trouble() {
  beat.value;
  const since = lostSince.value;
  // A room says by itself how it is connected.
  if (since !== null && page.value === 'room') return null;
  if (since !== null) {
    return (
      <div class="trouble lost" role="alert">
        <b>No connection to the server</b> since {format.timeOfDay(since).slice(0, 8)}. What you see is from before; the
        page tries again every second.
      </div>
    );
  }
  if (serverProblem.value === null) return null;
  return (
    <div class="trouble" role="alert">
      {serverProblem.value}
    </div>
  );
}

function ContextsPage() {
  beat.value;
  if (treeLoaded.value && root.contexts === 0 && root.published === 0) return <Empty />;
  return (
    <div class="split">
      <TreeView />
      <Splitter />
      <EventPane />
    </div>
  );
}

const FIRST_EVENT = () =>
  [
    `curl ${serverRoot}events/hello/world`,
    `  -H 'ce-specversion: 1.0' -H 'ce-id: 1' -H 'ce-source: /me' -H 'ce-type: greeting'`,
    `  -H 'Content-Type: application/json' -d '{"text":"Hello"}'`,
  ].join(' \\\n');

function Empty() {
  return (
    <section class="empty" aria-label="No events yet">
      <Logo />
      <h1>No events yet</h1>
      <p>The server is ready. Publish a first event, and it shows up here:</p>
      <pre>{FIRST_EVENT()}</pre>
      <Copy label="Copy the command" text={FIRST_EVENT} />
    </section>
  );
}

const SPLIT_KEY = 'millrace.split';
const split = signal(Number(localStorage.getItem(SPLIT_KEY) ?? 0) || 46);

function Splitter() {
  const bar = useRef<HTMLDivElement>(null);
  const set = (percent: number) => {
    split.value = Math.round(Math.min(75, Math.max(25, percent)) * 10) / 10;
    localStorage.setItem(SPLIT_KEY, String(split.value));
  };
  useEffect(() => bar.current?.parentElement?.style.setProperty('--split', `${split.value}%`), [split.value]);
  return (
    <div
      ref={bar}
      class="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the tree"
      aria-valuenow={Math.round(split.value)}
      aria-valuemin={25}
      aria-valuemax={75}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const frame = event.currentTarget.parentElement!.getBoundingClientRect();
        set(((event.clientX - frame.left) / frame.width) * 100);
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') set(split.value - 2);
        if (event.key === 'ArrowRight') set(split.value + 2);
      }}
    />
  );
}

function focusFilter(): void {
  const filter = document.querySelector<HTMLElement>('main input[type=search], main [role=search] input');
  if (!filter) go('contexts');
  if (filter) filter.focus();
  else setTimeout(() => document.getElementById('filter')?.focus(), 50);
}

function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (target.matches('input, textarea, select') || document.querySelector('dialog[open]')) return;
  switch (event.key) {
    case ' ':
      if (page.value !== 'contexts' || target.matches('button, a, pre')) return;
      setPaused(!paused.value);
      break;
    case '/':
      focusFilter();
      break;
    case '?':
      helpShown.value = true;
      break;
    case 'Escape':
      if (!item.value) return;
      if (page.value === 'room') showContext(item.value);
      else closeItem();
      break;
    default: {
      const name = NAMES[Number(event.key) - 1];
      if (!name) return;
      go(name);
    }
  }
  event.preventDefault();
}
