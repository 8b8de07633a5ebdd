// Which tasks are chosen, to do one thing to all of them: by their ids, each as it was seen. A task that leaves the list stays chosen: what
// became of it, its outcome will say.
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

/** As the list shows them now: a row that changes while it is looked at is chosen as it then is. */
export function asShown(selection: Selection, rows: readonly ChosenTask[]): Selection {
  const news = rows.filter(({ id, version }) => (selection.tasks.get(id)?.version ?? version) !== version);
  return news.length === 0 ? selection : withAll(selection, news);
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
