// The keys of the list: the arrows, j and k move from row to row, Home to the first; Enter follows the link that has the focus. One row
// takes part in the Tab order.
import { useEffect, useRef, useState, type RefObject } from 'react';
import { isTyping } from '../../inbox/is-typing.js';

interface ListKeys {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly scrollTo: (index: number) => void;
}

/** @returns which row Tab reaches */
export function useListKeys(keys: ListKeys): number {
  const [tabStop, setTabStop] = useState(0);
  const latest = useRef({ ...keys, tabStop });
  useEffect(() => {
    latest.current = { ...keys, tabStop };
  });

  useEffect(() => {
    const focus = (index: number, triesLeft = 5) => {
      const row = latest.current.scroller.current?.querySelector<HTMLElement>(`[data-item="${index}"]`);
      if (row) return row.focus({ preventScroll: true });
      // It is drawn once the list has scrolled there.
      if (triesLeft > 0) requestAnimationFrame(() => focus(index, triesLeft - 1));
    };
    const go = (index: number) => {
      const { count, scrollTo } = latest.current;
      const next = Math.min(count - 1, Math.max(0, index));
      if (next < 0) return;
      setTabStop(next);
      scrollTo(next);
      focus(next);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-item]') : null;
      const from = row ? Number(row.dataset.item) : latest.current.tabStop - 1;
      const isArrow = event.key === 'ArrowDown' || event.key === 'ArrowUp';
      // The arrows of a chip or a menu are its own.
      if (isArrow && !row && event.target !== document.body) return;
      if (isArrow || event.key === 'j' || event.key === 'k') {
        event.preventDefault();
        go(from + (event.key === 'ArrowDown' || event.key === 'j' ? 1 : -1));
      } else if (event.key === 'Home' && row) {
        event.preventDefault();
        go(0);
      }
    };
    const onFocus = (event: FocusEvent) => {
      const row = event.target instanceof HTMLElement ? event.target.dataset.item : undefined;
      if (row !== undefined && latest.current.scroller.current?.contains(event.target as Node)) setTabStop(Number(row));
    };
    window.addEventListener('keydown', onKey);
    document.addEventListener('focusin', onFocus);
    return () => {
      window.removeEventListener('keydown', onKey);
      document.removeEventListener('focusin', onFocus);
    };
  }, []);
  return tabStop;
}
