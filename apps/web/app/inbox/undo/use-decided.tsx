import { notifications } from '@mantine/notifications';
import { useCallback, useRef } from 'react';
import { announce } from '../../focus/announce.js';
import type { Inbox } from '../inbox-context.js';
import type { TaskDesk } from '../task/desk/task-desk.js';
import type { Desks } from '../task/desk/use-desks.js';
import { type ClaimedTask, type Decided, DecidedNote } from './decided-note.js';
import { undoLeft } from './undo-left.js';

/** Long enough to read it, also where nothing can be taken back. */
const SHOWN_MS = 4_000;

/**
 * Tells what was decided, and takes it back while that is possible: from the note, from the task, or by a key from wherever one is now. The
 * task that came in its place, claimed by the server, is then free for others again, unless it was begun.
 */
export function useDecided({ open, refresh, giveBackUnbegun }: Pick<Inbox, 'open' | 'refresh'> & Pick<Desks, 'giveBackUnbegun'>) {
  const last = useRef<TaskDesk>(undefined);
  const claimed = useRef<ClaimedTask>(undefined);
  const openClaimed = useCallback(
    (task: ClaimedTask) => {
      claimed.current = task;
      open(task.id, { isToAnswer: true });
    },
    [open],
  );
  const takeBack = useCallback(
    async (desk: TaskDesk) => {
      const { id } = desk.getState().task;
      const refused = await desk.undo();
      notifications.hide(id);
      if (refused === undefined) {
        announce('The decision is taken back');
        open(id, { isToAnswer: true });
        const other = claimed.current;
        claimed.current = undefined;
        const became = other && other.id !== id ? await giveBackUnbegun(other.id) : 'gone';
        if (became !== 'gone') notifications.show({ message: wordsOf(became, other?.subject ?? '') });
      } else notifications.show({ color: 'red', message: refused });
      refresh();
    },
    [open, refresh, giveBackUnbegun],
  );
  const tell = useCallback(
    (decided: Decided) => {
      const { task } = decided.desk.getState();
      last.current = decided.desk;
      notifications.show({
        id: task.id,
        color: 'well',
        autoClose: Math.max(SHOWN_MS, undoLeft(task, Date.now())),
        message: <DecidedNote {...decided} onUndo={() => void takeBack(decided.desk)} />,
      });
    },
    [takeBack],
  );
  const canTakeLastBack = useCallback(() => last.current !== undefined && undoLeft(last.current.getState().task, Date.now()) > 0, []);
  /** One's own decision is on the page, made before it was loaded perhaps: it is the last one unless a later one can still be taken back. */
  const seeDecided = useCallback(
    (desk: TaskDesk) => {
      if (!canTakeLastBack()) last.current = desk;
    },
    [canTakeLastBack],
  );
  const takeLastBack = useCallback(() => {
    if (last.current) void takeBack(last.current);
  }, [takeBack]);
  return { tell, openClaimed, takeBack, seeDecided, canTakeLastBack, takeLastBack };
}

function wordsOf(became: 'released' | 'kept', subject: string): string {
  return became === 'released'
    ? `“${subject}”, which had come in its place, is free for others again.`
    : `You hold “${subject}” as well: you have begun it.`;
}
