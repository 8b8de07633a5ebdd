// Moves from row to row of the list; Enter follows the link that has the focus. One row takes part in the Tab order.
import { useEffect, useState, type RefObject } from 'react';
import { useActions } from '../../actions/use-actions.js';

const ROW = '[data-item]';
/** Where the arrows move in the list: in it, and where nothing else has the focus. */
const LOOSE = `${ROW}, h1, #main:focus, body:not(:has(:focus))`;

interface ListKeys {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly scrollTo: (index: number) => void;
}

/** @returns which row Tab reaches */
export function useListKeys(keys: ListKeys): number {
  const [tabStop, setTabStop] = useState(0);
  const { scroller, count, scrollTo } = keys;

  const focus = (index: number, triesLeft = 5) => {
    const row = scroller.current?.querySelector<HTMLElement>(`[data-item="${index}"]`);
    if (row) return row.focus({ preventScroll: true });
    // It is drawn once the list has scrolled there.
    if (triesLeft > 0) requestAnimationFrame(() => focus(index, triesLeft - 1));
  };
  const go = (index: number) => {
    const next = Math.min(count - 1, Math.max(0, index));
    if (next < 0) return;
    setTabStop(next);
    scrollTo(next);
    focus(next);
  };
  const move = (from: Element | null, by: 1 | -1) => {
    const row = from?.closest<HTMLElement>(ROW);
    go((row ? Number(row.dataset.item) : tabStop - 1) + by);
  };
  useActions('page', 'List', [
    {
      id: 'list.down',
      name: 'Down the list',
      keys: ['j', { key: 'ArrowDown', within: LOOSE }],
      isMove: true,
      run: (from) => move(from, 1),
    },
    { id: 'list.up', name: 'Up the list', keys: ['k', { key: 'ArrowUp', within: LOOSE }], isMove: true, run: (from) => move(from, -1) },
    { id: 'list.top', name: 'To the first row', keys: [{ key: 'Home', within: ROW }], isMove: true, run: () => go(0) },
  ]);

  useEffect(() => {
    const onFocus = (event: FocusEvent) => {
      const row = event.target instanceof HTMLElement ? event.target.dataset.item : undefined;
      if (row !== undefined && scroller.current?.contains(event.target as Node)) setTabStop(Number(row));
    };
    document.addEventListener('focusin', onFocus);
    return () => document.removeEventListener('focusin', onFocus);
  }, [scroller]);
  return tabStop;
}
