import { useActions } from '../../actions/use-actions.js';
import { announce } from '../../focus/announce.js';
import { type ChosenTask, counted } from './selection.js';
import type { Selecting } from './use-selection.js';

interface SelectionParts {
  /** Of the list, those that can be chosen. */
  readonly rows: readonly ChosenTask[];
  readonly taskId: string | undefined;
  readonly selecting: Selecting;
}

/** Choosing by keyboard: the row that has the focus, or the task that is open. */
export function useSelectionActions({ rows, taskId, selecting }: SelectionParts): void {
  const { has, chosen, toggle, add } = selecting;
  const toggleFrom = (from: Element | null, isRange: boolean) => {
    const id = from?.closest('li')?.querySelector<HTMLElement>('[data-task]')?.dataset.task ?? taskId;
    if (id === undefined || !rows.some((row) => row.id === id)) return;
    toggle(id, isRange);
    announce(
      isRange
        ? 'Selected up to here'
        : has(id)
          ? `Not selected, ${counted(chosen.length - 1)} left`
          : `Selected, ${counted(chosen.length + 1)} in all`,
    );
  };
  const isEnabled = () => rows.length > 0;
  useActions('page', 'Inbox', [
    { id: 'inbox.select', name: 'Select the task, or no longer', keys: ['x'], isEnabled, run: (from) => toggleFrom(from, false) },
    { id: 'inbox.select-range', name: 'Select all up to this task', keys: ['shift+x'], isEnabled, run: (from) => toggleFrom(from, true) },
    {
      id: 'inbox.select-page',
      name: 'Select all tasks that are shown',
      keys: ['shift+a'],
      isEnabled,
      run: () => {
        add(rows);
        announce(`${counted(rows.length)} of this page selected`);
      },
    },
  ]);
}
