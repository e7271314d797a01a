// A scrolling list of equal rows of which only those on the screen exist.
import type { ComponentChildren, HTMLAttributes, JSX, RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

const OVERSCAN = 6;

interface Props extends Omit<HTMLAttributes<HTMLDivElement>, 'ref' | 'children'> {
  container: RefObject<HTMLDivElement | null>;
  count: number;
  rowHeight: number;
  row: (index: number) => ComponentChildren;
  onRange?: (first: number, last: number) => void;
}

export function VirtualRows({ container, count, rowHeight, row, onRange, ...attributes }: Props) {
  const [range, setRange] = useState({ first: 0, last: 40 });

  useLayoutEffect(() => {
    const element = container.current!;
    let frame = 0;
    const measure = () => {
      frame = 0;
      const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - OVERSCAN);
      const last = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + OVERSCAN;
      setRange((old) => (old.first === first && old.last === last ? old : { first, last }));
    };
    const later = () => (frame ||= requestAnimationFrame(measure));
    measure();
    element.addEventListener('scroll', later, { passive: true });
    const sizes = new ResizeObserver(later);
    sizes.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('scroll', later);
      sizes.disconnect();
    };
  }, [container, rowHeight]);

  const first = Math.min(range.first, Math.max(0, count - (range.last - range.first)));
  const last = Math.min(count, range.last);
  useLayoutEffect(() => onRange?.(first, last), [first, last]);

  // Rows are keyed by slot, so scrolling changes their text and creates nothing.
  const slots = range.last - range.first + 1;
  const rows: JSX.Element[] = [];
  for (let index = first; index < last; index++) {
    rows.push(
      <div
        key={index % slots}
        role="none"
        class="slot"
        style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
      >
        {row(index)}
      </div>,
    );
  }
  return (
    <div ref={container} {...attributes} class={`rows ${(attributes.class as string | undefined) ?? ''}`}>
      <div role="none" class="runway" style={{ height: `${count * rowHeight}px` }}>
        {rows}
      </div>
    </div>
  );
}

/** Scrolls as little as is needed to see the row. */
export function reveal(element: HTMLElement | null, index: number, rowHeight: number): void {
  if (!element || index < 0) return;
  const top = index * rowHeight;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + rowHeight > element.scrollTop + element.clientHeight) {
    element.scrollTop = top + rowHeight - element.clientHeight;
  }
}
