/**
 * Whom a task is for, in words: what the rows say, and the author of its screen. The one place that asks an author; every statement passes
 * a task by whose author was not asked (`storage/queries/may-take.ts`), so a transition that forgets to ask does nothing.
 */
import type { Actor } from '@stepwell/contracts';
import { StepwellError } from '@stepwell/contracts';
import type { Decider } from '@stepwell/sdk';
import { type Sql, taskCircumstances, taskPermission, type TaskRecord } from '@stepwell/storage';
import type { ScreenProvider } from '../screen-provider.port.js';
import { TaskRefusal } from '../task-refusal.js';
import { taskView } from '../task-view.js';
import { excludedByRows, keptByRows, type Named, namesIn, type RowsRefusal } from './kept-by-rows.js';

export const SAYS_NO = 'the policy of its screen does not let you.';

export class WhoMay {
  constructor(
    private readonly sql: Sql,
    private readonly screens: ScreenProvider,
  ) {}

  /** @returns the refusal of somebody whom the rows keep from a task, or `undefined`; every transition has looked itself, so this only says why */
  async byRows(tenant: string, row: TaskRecord, actor: Actor): Promise<TaskRefusal | undefined> {
    const named = namedBy(row);
    if (!row.excluded && namesIn(named).length === 0) return undefined;
    return refusal(row, keptByRows(named, await taskPermission(this.sql, tenant, row.id, actor.id), 'You'));
  }

  /**
   * Why a task cannot be given to somebody, whomever it names now.
   *
   * @returns the refusal, or `undefined`: he is not excluded, and the author is to be asked of him
   */
  async ofNewOne(tenant: string, row: TaskRecord, { id, displayName }: NewOne): Promise<TaskRefusal | undefined> {
    const found = row.excluded ? await taskPermission(this.sql, tenant, row.id, id) : undefined;
    return found?.isExcluded ? refusal(row, excludedByRows(namedBy(row), found, displayName)) : undefined;
  }

  /**
   * Asks the author of the screen.
   *
   * @param who how the person is called in the refusal
   * @returns the refusal, also when he could not be asked; `undefined` when he agrees, or has nothing to say
   */
  async byAuthor(tenant: string, row: TaskRecord, actor: Actor, who = 'You'): Promise<TaskRefusal | undefined> {
    if (!row.asks_author) return undefined;
    try {
      const circumstances = await taskCircumstances(this.sql, tenant, row.id, actor.id);
      if (!circumstances) return undefined;
      const { name, groups, maker, starters, actor: startedBy, decisions } = circumstances;
      const hasStarted = [actor.id, maker].some((id) => id !== null && starters.includes(id));
      const person: Decider = { id: actor.id, name: name ?? actor.name, groups, kind: actor.kind, hasStarted };
      const said = await this.screens.mayDecide(this.sql, { tenant, task: row, person, startedBy, decisions });
      if (said === true) return undefined;
      return new TaskRefusal('TASK_NOT_PERMITTED', taskView(row), { who, reason: said === false ? SAYS_NO : said });
    } catch (error) {
      if (!(error instanceof AuthorError || error instanceof StepwellError)) throw error;
      return new TaskRefusal(
        'TASK_PERMISSION_UNKNOWN',
        taskView(row),
        { who: who === 'You' ? 'you' : who, id: row.id, reason: error.message },
        error,
      );
    }
  }
}

/** Somebody who is to have a task. */
export interface NewOne {
  readonly id: string;
  readonly displayName: string;
}

function refusal(row: TaskRecord, why: RowsRefusal | undefined): TaskRefusal | undefined {
  return why && new TaskRefusal(why.code, taskView(row), why.details);
}

/** The author's function threw, or gave what is neither a yes, a no nor a reason. */
export class AuthorError extends Error {
  override readonly name = 'AuthorError';
}

function namedBy({ assignee, candidate_users: users, candidate_groups: groups }: TaskRecord): Named {
  return { assignee, users, groups };
}
