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

/** @param of what the list shows: with another filter nothing is chosen */
export function useSelection(rows: readonly ChosenTask[], of: string): Selecting {
  const [kept, setKept] = useState({ of, selection: NOTHING_CHOSEN });
  const selection = useMemo(() => (kept.of === of ? asShown(kept.selection, rows) : NOTHING_CHOSEN), [kept, of, rows]);
  const change = useCallback(
    (next: (selection: Selection) => Selection) =>
      setKept((before) => ({ of, selection: next(before.of === of ? before.selection : NOTHING_CHOSEN) })),
    [of],
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
