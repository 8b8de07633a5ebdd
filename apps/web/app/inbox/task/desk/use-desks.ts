import { useMemo, useRef } from 'react';
import { useClient } from 'urql';
import { useQuietClient } from '../../../session/quiet-client.js';
import type { TaskAtDesk } from '../task.query.js';
import { deskApi } from './desk-api.js';
import { newKey } from '../../../connection/new-key.js';
import { type GivenBack, TaskDesk } from './task-desk.js';

/** More open tasks than anybody has in mind; the one that was visited longest ago makes room. */
const KEPT = 40;

export interface Desks {
  readonly deskFor: (task: TaskAtDesk) => TaskDesk;
  /** Gives a task back in which nothing was begun, whether or not its page was ever open. */
  readonly giveBackUnbegun: (id: string) => Promise<GivenBack>;
  /** Takes the decision of a task back, whether or not its page was ever open. @returns a sentence when it was refused */
  readonly undo: (id: string) => Promise<string | undefined>;
}

/** The desks of this visit to the inbox, by task. */
export function useDesks(): Desks {
  const client = useClient();
  const quiet = useQuietClient();
  const desks = useRef(new Map<string, TaskDesk>());
  return useMemo(
    () => ({
      deskFor: (task) => {
        const kept = desks.current;
        const desk = kept.get(task.id) ?? new TaskDesk(task, deskApi(task.id, client, quiet), newKey);
        kept.delete(task.id);
        kept.set(task.id, desk);
        const [oldest] = kept.keys();
        if (kept.size > KEPT && oldest !== undefined && !kept.get(oldest)?.isBehind) kept.delete(oldest);
        return desk;
      },
      giveBackUnbegun: async (id) => {
        const desk = desks.current.get(id);
        if (desk) return desk.giveBackUnbegun();
        const { errors, failure } = await deskApi(id, client, quiet).release();
        return failure !== undefined ? 'kept' : errors.length > 0 ? 'gone' : 'released';
      },
      undo: async (id) => {
        const desk = desks.current.get(id);
        if (desk) return desk.undo();
        const { errors, failure } = await deskApi(id, client, quiet).undo();
        return failure ?? errors[0]?.message;
      },
    }),
    [client, quiet],
  );
}
