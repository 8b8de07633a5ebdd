// The keys of the list: j and k (or the arrows) move, Enter opens and goes into the form, n claims the next task, u takes the last decision back, ? shows the sheet. On a wide screen moving also
// shows the task, after a moment, so that running down the list does not load every task on the way.
import { useEffect, useRef, type RefObject } from 'react';
import type { Inbox } from './inbox-context.js';
import { isTyping } from './is-typing.js';
import type { TaskRow } from './inbox.query.js';

/** Long enough to skip what is passed over, short enough to feel immediate. */
const SHOW_AFTER_MS = 110;

interface InboxKeys {
  readonly rows: readonly TaskRow[];
  readonly taskId: string | undefined;
  readonly listPane: RefObject<HTMLElement | null>;
  readonly open: Inbox['open'];
  readonly onNext: () => void;
  readonly onUndo: () => void;
  readonly onHelp: () => void;
}

export function useInboxKeys(keys: InboxKeys): void {
  const latest = useRef(keys);
  // Where the open task stood in the list: once it is decided it is gone from there, and j goes on at its place.
  const lastAt = useRef(0);
  useEffect(() => {
    latest.current = keys;
    const at = keys.rows.findIndex(({ id }) => id === keys.taskId);
    if (at >= 0) lastAt.current = at;
  });

  useEffect(() => {
    let showing: ReturnType<typeof setTimeout> | undefined;

    const move = (by: 1 | -1) => {
      const { rows, taskId, listPane, open } = latest.current;
      const links = [...(listPane.current?.querySelectorAll<HTMLElement>('[data-task]') ?? [])];
      const focused = links.indexOf(document.activeElement as HTMLElement);
      const chosen = rows.findIndex(({ id }) => id === taskId);
      const gone = by === 1 ? lastAt.current - 1 : lastAt.current;
      const from = focused >= 0 ? focused : chosen >= 0 ? chosen : gone;
      const next = links[Math.min(links.length - 1, Math.max(0, from + by))];
      if (!next) return;
      next.focus();
      clearTimeout(showing);
      if (!window.matchMedia('(min-width: 861px)').matches) return;
      const id = next.dataset.task;
      showing = setTimeout(() => {
        if (id && id !== latest.current.taskId) open(id, { isReplacing: latest.current.taskId !== undefined });
      }, SHOW_AFTER_MS);
    };

    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-task]') : null;
      switch (event.key) {
        case 'j':
        case 'k':
          event.preventDefault();
          return move(event.key === 'j' ? 1 : -1);
        case 'ArrowDown':
        case 'ArrowUp':
          if (!row) return;
          event.preventDefault();
          return move(event.key === 'ArrowDown' ? 1 : -1);
        case 'Enter':
          if (!row?.dataset.task) return;
          event.preventDefault();
          clearTimeout(showing);
          return latest.current.open(row.dataset.task, { isToAnswer: true });
        case 'n':
          event.preventDefault();
          return latest.current.onNext();
        case 'u':
          event.preventDefault();
          return latest.current.onUndo();
        case '?':
          event.preventDefault();
          return latest.current.onHelp();
        default:
      }
    };
    window.addEventListener('keydown', onKey);
    return () => {
      clearTimeout(showing);
      window.removeEventListener('keydown', onKey);
    };
  }, []);
}
