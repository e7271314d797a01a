// A list, and beside it (on a phone: instead of it) what is open in it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { go, item, linkTo, page, type Page } from '../location';
import { Icon } from './icons';

export function Pair({ label, list, detail }: { label: string; list: ComponentChildren; detail: ComponentChildren }) {
  return (
    <div class={`pair${detail ? ' with-detail' : ''}`}>
      <section class="pane list-pane" aria-label={label}>
        {list}
      </section>
      {detail && <section class="pane side-pane">{detail}</section>}
    </div>
  );
}

/** A link that opens something on its page, or on another one. */
export function Link({ to, name, children }: { to: Page; name?: string; children: ComponentChildren }) {
  return (
    <a
      class="row-link"
      href={linkTo(to, name)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(to, name);
      }}
    >
      {children}
    </a>
  );
}

/** Closes what is open; the keyboard goes on where it was opened. */
export function closeItem(): void {
  const name = item.peek();
  item.value = '';
  setTimeout(() => document.querySelector<HTMLElement>(`[data-name="${CSS.escape(name)}"] a`)?.focus(), 50);
}

export function SideHead({ title, children }: { title: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // On a phone the link that was followed is gone now.
  useEffect(() => {
    if (document.activeElement === document.body || !document.activeElement?.checkVisibility())
      heading.current?.focus();
  }, [title]);
  return (
    <header class="detail-head side-head">
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {children}
      <button type="button" class="tool bare" aria-label="Close" title="Close (Esc)" onClick={closeItem}>
        <Icon name="close" />
      </button>
    </header>
  );
}

/** The name of what is open on this page, if it is. */
export const openOn = (name: Page) => (page.value === name ? item.value : '');
