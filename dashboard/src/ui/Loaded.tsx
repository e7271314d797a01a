// What is loaded only when it is shown, and what is said where that does not succeed.
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

/** What has been loaded stays, so that coming back to a page shows it at once. */
const loaded = new Map<() => Promise<unknown>, unknown>();
/** Who waits for less than this sees no word about it. */
const PATIENCE_MS = 400;

interface Loading<T> {
  value: T | undefined;
  failed: boolean;
}

/** Loads something once. `load` is the same function each time. */
export function useLoaded<T>(load: () => Promise<T>): Loading<T> {
  const state = useSignal<Loading<T>>({ value: loaded.get(load) as T | undefined, failed: false });
  useEffect(() => {
    if (state.peek().value !== undefined) return;
    let over = false;
    load().then(
      (value) => {
        loaded.set(load, value);
        if (!over) state.value = { value, failed: false };
      },
      () => !over && (state.value = { value: undefined, failed: true }),
    );
    return () => void (over = true);
  }, [load]);
  return state.value;
}

export function LoadedPage({ load }: { load: () => Promise<ComponentType> }) {
  const { value: Page, failed } = useLoaded(load);
  if (Page) return <Page />;
  return (
    <section class="pane" aria-label="Page">
      {failed ? <NotLoaded what="This page" /> : <Patience />}
    </section>
  );
}

function Patience() {
  const shown = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => (shown.value = true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="empty" role="status">
      {shown.value && <p>Loading …</p>}
    </div>
  );
}

/** A browser does not ask again for a script that it could not load: only a new start helps. */
export function NotLoaded({ what }: { what: string }) {
  return (
    <div class="empty" role="alert">
      <h1>{what} could not be loaded</h1>
      <p>
        The server may have been started anew with another build of the dashboard, or it cannot be reached. What is open
        stays open when you reload.
      </p>
      <button type="button" class="tool primary" onClick={() => location.reload()}>
        Reload
      </button>
    </div>
  );
}
