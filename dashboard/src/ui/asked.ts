// Asks the server for what one part of a page needs, again and again while that is shown.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ConnectionLost } from '../api';

export interface Asked<T> {
  value: T | undefined;
  /** What the server said instead of an answer, the last time. */
  error: unknown;
  again: () => void;
}

/** Asks anew when `what` changes and every so often; without `everyMs` once. At most a tenth of the time goes into it. */
export function useAsked<T>(what: string, ask: () => Promise<T>, everyMs = Infinity): Asked<T> {
  const state = useSignal<{ what: string; value?: T; error?: unknown }>({ what });
  const again = useRef(() => {});
  useEffect(() => {
    let timer = 0;
    let over = false;
    let round = 0;
    const turn = async () => {
      clearTimeout(timer);
      const mine = ++round;
      const started = Date.now();
      let lost = false;
      try {
        const value = document.hidden && state.value.value !== undefined ? state.value.value : await ask();
        if (!over && mine === round) state.value = { what, value };
      } catch (error) {
        lost = error instanceof ConnectionLost;
        // The frame says that the connection is lost; here stays what was known.
        if (!over && mine === round && !lost) state.value = { what, error };
      }
      const pause = Math.max(lost ? 1000 : everyMs, 9 * (Date.now() - started));
      if (!over && mine === round && pause < Infinity) timer = window.setTimeout(turn, pause);
    };
    again.current = () => void turn();
    void turn();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [what]);
  const { value, error } = state.value.what === what ? state.value : {};
  return { value, error, again: () => again.current() };
}
