// What can be done with the list of tasks. On a wide screen moving along it also shows the task, after a moment, so that running down the
// list does not load every task on the way.
import { useEffect, useRef, type RefObject } from 'react';
import { useActions } from '../actions/use-actions.js';
import type { Inbox } from './inbox-context.js';
import type { TaskRow } from './inbox.query.js';

/** Long enough to skip what is passed over, short enough to feel immediate. */
const SHOW_AFTER_MS = 110;
const ROW = '[data-task]';

interface InboxParts {
  readonly rows: readonly TaskRow[];
  readonly taskId: string | undefined;
  readonly listPane: RefObject<HTMLElement | null>;
  readonly open: Inbox['open'];
  readonly onNext: () => void;
  readonly canUndo: () => boolean;
  readonly onUndo: () => void;
}

export function useInboxActions({ rows, taskId, listPane, open, onNext, canUndo, onUndo }: InboxParts): void {
  const latestTask = useRef(taskId);
  // Where the open task stood in the list: once it is decided it is gone from there, and j goes on at its place.
  const lastAt = useRef(0);
  const showing = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    latestTask.current = taskId;
    const at = rows.findIndex(({ id }) => id === taskId);
    if (at >= 0) lastAt.current = at;
  });
  useEffect(() => () => clearTimeout(showing.current), []);

  const move = (by: 1 | -1) => {
    const links = [...(listPane.current?.querySelectorAll<HTMLElement>(ROW) ?? [])];
    // The row of a checkbox, too.
    const focused = links.findIndex((link) => link.parentElement?.contains(document.activeElement));
    const chosen = rows.findIndex(({ id }) => id === taskId);
    const gone = by === 1 ? lastAt.current - 1 : lastAt.current;
    const from = focused >= 0 ? focused : chosen >= 0 ? chosen : gone;
    const next = links[Math.min(links.length - 1, Math.max(0, from + by))];
    if (!next) return;
    next.focus();
    clearTimeout(showing.current);
    if (!window.matchMedia('(min-width: 861px)').matches) return;
    const id = next.dataset.task;
    showing.current = setTimeout(() => {
      if (id && id !== latestTask.current) open(id, { isReplacing: latestTask.current !== undefined });
    }, SHOW_AFTER_MS);
  };

  useActions('page', 'Inbox', [
    { id: 'inbox.down', name: 'Down the list', keys: ['j', { key: 'ArrowDown', within: ROW }], isMove: true, run: () => move(1) },
    { id: 'inbox.up', name: 'Up the list', keys: ['k', { key: 'ArrowUp', within: ROW }], isMove: true, run: () => move(-1) },
    {
      id: 'inbox.answer',
      name: 'Open the task of the row, and go into its form',
      keys: [{ key: 'Enter', within: ROW }],
      isMove: true,
      run: (from) => {
        clearTimeout(showing.current);
        const id = from?.closest<HTMLElement>(ROW)?.dataset.task;
        if (id) open(id, { isToAnswer: true });
      },
    },
    { id: 'inbox.next', name: 'Claim the next free task', keys: ['n'], run: onNext },
    // The next task has the focus in its form by then, where a letter is text: the chord is heard there, too.
    { id: 'inbox.undo', name: 'Take the last decision back', keys: ['mod+u', 'u'], isEnabled: canUndo, run: onUndo },
  ]);
}
