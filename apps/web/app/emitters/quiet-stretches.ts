// An emitter that looks every few seconds mostly finds nothing. Runs without news that follow each other are shown as one line, so that
// those that did something stay in sight.
import type { EmitterDetails } from './emitters.query.js';

type EmitterRun = EmitterDetails['runs'][number];

export type Stretch =
  | { readonly kind: 'run'; readonly run: EmitterRun }
  | { readonly kind: 'quiet'; readonly count: number; readonly latest: EmitterRun; readonly earliest: EmitterRun };

/** @param runs newest first */
export function stretches(runs: readonly EmitterRun[]): readonly Stretch[] {
  const result: Stretch[] = [];
  for (const run of runs) {
    const before = result.at(-1);
    if (!isQuiet(run)) result.push({ kind: 'run', run });
    else if (before?.kind === 'quiet') result[result.length - 1] = { ...before, count: before.count + 1, earliest: run };
    else result.push({ kind: 'quiet', count: 1, latest: run, earliest: run });
  }
  return result;
}

/** It read nothing and went well; one that failed, or still goes on, is worth its own line. */
function isQuiet({ run, ledger }: EmitterRun): boolean {
  return run.status === 'completed' && ledger.read === 0;
}
