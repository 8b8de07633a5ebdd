import { notifications } from '@mantine/notifications';
import { useCallback, useRef } from 'react';
import { announce } from '../../focus/announce.js';
import { useSession } from '../../session/session.js';
import type { Inbox } from '../inbox-context.js';
import type { TaskDesk } from '../task/desk/task-desk.js';
import type { Desks } from '../task/desk/use-desks.js';
import { type ClaimedTask, type Decided, DecidedNote } from './decided-note.js';
import { forgetDecision, keepDecision, keptDecision } from './last-decision.js';
import { undoLeft } from './undo-left.js';

/** Long enough to read it, also where nothing can be taken back. */
const SHOWN_MS = 4_000;

type DecidedParts = Pick<Inbox, 'open' | 'refresh'> & Pick<Desks, 'giveBackUnbegun' | 'undo'>;

/**
 * Tells what was decided, and takes it back while that is possible: from the note, from the task, or by a key from wherever one is now, also
 * after a reload. The task that came in its place, claimed by the server, is then free for others again, unless it was begun or the page was
 * loaded since.
 */
export function useDecided({ open, refresh, giveBackUnbegun, undo }: DecidedParts) {
  const { viewer } = useSession();
  const last = useRef<TaskDesk>(undefined);
  const claimed = useRef<ClaimedTask>(undefined);
  const openClaimed = useCallback(
    (task: ClaimedTask) => {
      claimed.current = task;
      open(task.id, { isToAnswer: true });
    },
    [open],
  );
  const keep = useCallback(
    (desk: TaskDesk) => {
      last.current = desk;
      const { id, undoUntil } = desk.getState().task;
      if (undoUntil === null) forgetDecision();
      else keepDecision({ viewer: viewer.id, id, until: undoUntil });
    },
    [viewer.id],
  );
  const takeBackAt = useCallback(
    async (id: string, asked: Promise<string | undefined>) => {
      const refused = await asked;
      notifications.hide(id);
      if (refused === undefined) {
        if (keptDecision(viewer.id, Date.now()) === id) forgetDecision();
        announce('The decision is taken back');
        open(id, { isToAnswer: true });
        const other = claimed.current;
        claimed.current = undefined;
        const became = other && other.id !== id ? await giveBackUnbegun(other.id) : 'gone';
        if (became !== 'gone') notifications.show({ message: wordsOf(became, other?.subject ?? '') });
      } else notifications.show({ color: 'red', message: refused });
      refresh();
    },
    [open, refresh, giveBackUnbegun, viewer.id],
  );
  const takeBack = useCallback((desk: TaskDesk) => takeBackAt(desk.getState().task.id, desk.undo()), [takeBackAt]);
  const tell = useCallback(
    (decided: Decided) => {
      const { task } = decided.desk.getState();
      keep(decided.desk);
      notifications.show({
        id: task.id,
        color: 'well',
        autoClose: Math.max(SHOWN_MS, undoLeft(task, Date.now())),
        message: <DecidedNote {...decided} onUndo={() => void takeBack(decided.desk)} />,
      });
    },
    [keep, takeBack],
  );
  const canTakeLastBack = useCallback(() => {
    const now = Date.now();
    return last.current ? undoLeft(last.current.getState().task, now) > 0 : keptDecision(viewer.id, now) !== undefined;
  }, [viewer.id]);
  /** One's own decision is on the page, made before it was loaded perhaps: it is the last one unless a later one can still be taken back. */
  const seeDecided = useCallback(
    (desk: TaskDesk) => {
      const isKept = keptDecision(viewer.id, Date.now()) === desk.getState().task.id;
      if (isKept || !canTakeLastBack()) keep(desk);
    },
    [canTakeLastBack, keep, viewer.id],
  );
  const takeLastBack = useCallback(() => {
    const kept = keptDecision(viewer.id, Date.now());
    if (last.current) void takeBack(last.current);
    else if (kept !== undefined) void takeBackAt(kept, undo(kept));
  }, [takeBack, takeBackAt, undo, viewer.id]);
  return { tell, openClaimed, takeBack, seeDecided, canTakeLastBack, takeLastBack };
}

function wordsOf(became: 'released' | 'kept', subject: string): string {
  return became === 'released'
    ? `“${subject}”, which had come in its place, is free for others again.`
    : `You hold “${subject}” as well: you have begun it.`;
}
