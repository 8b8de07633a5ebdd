// Which tasks are chosen, to do one thing to all of them: by their ids, each as it was seen. One that has left a list that is shown as a whole
// is chosen no more; of a list that goes on below what is shown nobody knows whether it has left, so there it stays, and its outcome will say.
import type { Bulk } from './bulk.query.js';

export interface ChosenTask {
  readonly id: string;
  /** Of the task as it was seen. */
  readonly version: number;
  readonly workflow: string;
  /** What its screen is called. */
  readonly title: string;
  readonly subject: string;
  readonly bulk: Bulk | null;
  /** Who holds it, as far as it is known; null: nobody. */
  readonly claimedBy?: { readonly name: string } | null;
  readonly isMine?: boolean;
}

export interface Selection {
  readonly tasks: ReadonlyMap<string, ChosenTask>;
  /** From where a range goes on: the row that was chosen or left out last. */
  readonly anchor: string | undefined;
}

export const NOTHING_CHOSEN: Selection = { tasks: new Map(), anchor: undefined };

/** Chooses a row or leaves it out; with `isRange` also all rows between it and the one before, as that one is. */
export function toggled({ tasks, anchor }: Selection, rows: readonly ChosenTask[], id: string, isRange: boolean): Selection {
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0) return { tasks, anchor };
  const from = isRange ? rows.findIndex((row) => row.id === anchor) : -1;
  const isWanted = from < 0 || anchor === undefined ? !tasks.has(id) : tasks.has(anchor);
  const touched = from < 0 ? [rows[at]] : rows.slice(Math.min(from, at), Math.max(from, at) + 1);
  const next = new Map(tasks);
  for (const row of touched) {
    if (!row) continue;
    if (isWanted) next.set(row.id, row);
    else next.delete(row.id);
  }
  return { tasks: next, anchor: id };
}

/** Also these. */
export function withAll({ tasks, anchor }: Selection, more: readonly ChosenTask[]): Selection {
  return { tasks: new Map([...tasks, ...more.map((task): [string, ChosenTask] => [task.id, task])]), anchor };
}

export function without({ tasks, anchor }: Selection, ids: readonly string[]): Selection {
  return { tasks: new Map([...tasks].filter(([id]) => !ids.includes(id))), anchor };
}

/**
 * As the list shows them now: a row that changes while it is looked at is chosen as it then is.
 *
 * @param isWhole there are no more rows than these
 */
export function asShown(selection: Selection, rows: readonly ChosenTask[], isWhole: boolean): Selection {
  const news = rows.filter(({ id, version }) => (selection.tasks.get(id)?.version ?? version) !== version);
  const changed = news.length === 0 ? selection : withAll(selection, news);
  const gone = isWhole ? notAmong(changed, rows) : [];
  return gone.length === 0 ? changed : without(changed, gone);
}

/** @returns the ids of those chosen that the list does not show */
export function notAmong({ tasks }: Pick<Selection, 'tasks'>, rows: readonly ChosenTask[]): readonly string[] {
  const shown = new Set(rows.map(({ id }) => id));
  return [...tasks.keys()].filter((id) => !shown.has(id));
}

/** Whether somebody can give it back: a reviewer what is theirs, an operator what anybody holds. Of one that is not listed nobody knows. */
export function mayRelease({ claimedBy, isMine }: ChosenTask, mayOperate: boolean): boolean {
  return mayOperate ? claimedBy !== null : isMine !== false;
}

export interface ScreenGroup {
  /** Of its workflow and screen. */
  readonly key: string;
  readonly workflow: string;
  readonly title: string;
  readonly tasks: readonly ChosenTask[];
}

/** By workflow and screen, those with the most tasks first. */
export function byScreen(tasks: readonly ChosenTask[]): readonly ScreenGroup[] {
  const groups = new Map<string, { workflow: string; title: string; tasks: ChosenTask[] }>();
  for (const task of tasks) {
    const { workflow, title } = task;
    const key = JSON.stringify([workflow, title]);
    const group = groups.get(key) ?? { workflow, title, tasks: [] };
    group.tasks.push(task);
    groups.set(key, group);
  }
  return [...groups].map(([key, group]) => ({ key, ...group })).sort((one, other) => other.tasks.length - one.tasks.length);
}

export function counted(count: number): string {
  return count === 1 ? 'one task' : `${count.toLocaleString('en')} tasks`;
}
