import { useCallback, useMemo, useState } from 'react';
import { asShown, type ChosenTask, NOTHING_CHOSEN, toggled, withAll, without, type Selection } from './selection.js';

export interface Selecting {
  readonly chosen: readonly ChosenTask[];
  readonly has: (id: string) => boolean;
  /** @param isRange also all rows since the last one */
  readonly toggle: (id: string, isRange: boolean) => void;
  readonly add: (tasks: readonly ChosenTask[]) => void;
  readonly drop: (ids: readonly string[]) => void;
  readonly clear: () => void;
}

/**
 * @param isWhole there are no more rows than these
 * @param of what the list shows: with another filter nothing is chosen
 */
export function useSelection(rows: readonly ChosenTask[], isWhole: boolean, of: string): Selecting {
  const [kept, setKept] = useState({ of, selection: NOTHING_CHOSEN });
  const now = useCallback(
    (all: typeof kept) => (all.of === of ? asShown(all.selection, rows, isWhole) : NOTHING_CHOSEN),
    [of, rows, isWhole],
  );
  const selection = useMemo(() => now(kept), [kept, now]);
  const change = useCallback(
    (next: (selection: Selection) => Selection) => setKept((before) => ({ of, selection: next(now(before)) })),
    [of, now],
  );
  return useMemo(
    () => ({
      chosen: [...selection.tasks.values()],
      has: (id) => selection.tasks.has(id),
      toggle: (id, isRange) => change((before) => toggled(before, rows, id, isRange)),
      add: (tasks) => change((before) => withAll(before, tasks)),
      drop: (ids) => change((before) => without(before, ids)),
      clear: () => change(() => NOTHING_CHOSEN),
    }),
    [selection, change, rows],
  );
}
