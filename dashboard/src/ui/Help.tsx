// What the keys do.
import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

const KEYS: [string[], string][] = [
  [['↑', '↓'], 'the context or row before, after'],
  [['→', '←'], 'open, close; into a branch, out of it'],
  [['Shift →', 'Shift ←'], 'open, close everything below'],
  [['*'], 'open all siblings'],
  [['Home', 'End', 'PgUp', 'PgDn'], 'further away'],
  [['/'], 'filter, search'],
  [['Space'], 'pause the events, go on'],
  [['1', '…', '8'], 'the pages, from contexts to views'],
  [['Esc'], 'close what is open'],
  [['?'], 'this help'],
];

export function Help({ shown, version }: { shown: Signal<boolean>; version: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (shown.value) dialog.current?.showModal();
  }, [shown.value]);
  const close = () => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      class="help-dialog"
      aria-labelledby="help-title"
      onClose={() => (shown.value = false)}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="help-inner">
        <h2 id="help-title">Keys</h2>
        <dl>
          {KEYS.map(([keys, meaning]) => (
            <div key={meaning}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <p>
          A link to this page keeps what is open, selected and filtered. Rates are smoothed over a few seconds; a
          branch's rate is that of everything below it.
        </p>
        <footer>
          <span>{version && `Millrace ${version}`}</span>
          <button type="button" class="tool" onClick={close}>
            Close
          </button>
        </footer>
      </div>
    </dialog>
  );
}
