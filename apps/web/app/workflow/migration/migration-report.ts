// What a dry run has found, or a migration has done, over all runs: how many of each, and what stands in the way or is lost, of how many.
import type { MigratedRun } from './migration.mutations.js';

export interface Told {
  readonly text: string;
  readonly runs: number;
}

export interface MigrationReport {
  readonly counts: readonly { readonly outcome: MigratedRun['outcome']; readonly runs: number }[];
  /** The most frequent first. */
  readonly problems: readonly Told[];
  readonly losses: readonly Told[];
}

const ORDER = ['possible', 'migrated', 'undone', 'refused'] as const;

export function reportOf(runs: readonly MigratedRun[]): MigrationReport {
  const going = runs.filter(({ outcome }) => outcome !== 'refused');
  return {
    counts: ORDER.map((outcome) => ({ outcome, runs: runs.filter((run) => run.outcome === outcome).length })).filter((one) => one.runs > 0),
    problems: told(runs.map(({ problems }) => problems)),
    losses: told(going.map(lossesOf)),
  };
}

/** What a run would lose: outputs of removed nodes, over all of their turns, and what is closed. */
export function lossesOf({ lost, closes }: MigratedRun): readonly string[] {
  const outputs = lost.map((place) => `the output of ${place.replace(/ #.*$/, '')}`);
  return [...outputs, ...(closes > 0 ? [`${closes} open ${closes === 1 ? 'task or wait' : 'tasks or waits'}`] : [])];
}

/** Of each text how many runs say it, however often one does. */
function told(texts: readonly (readonly string[])[]): readonly Told[] {
  const counts = new Map<string, number>();
  for (const own of texts) for (const text of new Set(own)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, runs]) => ({ text, runs })).sort((a, b) => b.runs - a.runs);
}
