/** What workers keep of runs that wait: a fold of so many facts, from which they would go on. */
import { type Fact, fold, type RunState } from '@stepwell/engine';
import { mustEqual } from '../../engine/testing/must-equal.js';
import type { KitProcess } from '../process/kit-process.js';

type Kept = readonly (readonly [runId: string, state: RunState])[];

export function keptBy(processes: readonly KitProcess[]): Kept {
  return processes.flatMap(({ worker }) => [...worker['kept']]);
}

/** @throws Error when one is longer than the journal of its run */
export function checkLengths(kept: Kept, lengthOf: (runId: string) => number): void {
  for (const [id, { lastSeq }] of kept)
    if (lastSeq > lengthOf(id)) throw new Error(`A worker has kept ${lastSeq} facts of run ${id}, which has ${lengthOf(id)}.`);
}

/** @throws Error when one is another than that of the run's own facts */
export function checkFolds(kept: Kept, factsOf: (runId: string) => readonly Fact[]): void {
  for (const [id, state] of kept) {
    const known = fold(factsOf(id).slice(0, state.lastSeq));
    // How far each sequence has come is found out anew.
    mustEqual({ ...state, progress: known.progress }, known, `What a worker has kept of run ${id}, and what it is`);
  }
}
