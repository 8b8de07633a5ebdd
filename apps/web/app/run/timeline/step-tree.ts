// The steps as they lie in one another: each below the node that it stands in, and what belongs to one item or turn together. Among
// themselves they stay in the order in which they began.
import type { RunStep } from '../run.query.js';

export interface StepPlace {
  readonly step: RunStep;
  /** In how many nodes that were reached it lies: its indentation. */
  readonly depth: number;
}

export function stepTree(steps: readonly RunStep[]): readonly StepPlace[] {
  const byKey = new Map(steps.map((step) => [keyOf(step.path, step.iteration), step]));
  // By the step around them, then by their own iteration.
  const inner = new Map<RunStep | undefined, Map<string, RunStep[]>>();
  for (const step of steps) {
    const around = stepAround(step, byKey);
    const turns = inner.get(around) ?? new Map<string, RunStep[]>();
    inner.set(around, turns.set(step.iteration, [...(turns.get(step.iteration) ?? []), step]));
  }
  const placesIn = (around: RunStep | undefined, depth: number): StepPlace[] =>
    [...(inner.get(around)?.values() ?? [])].flat().flatMap((step) => [{ step, depth }, ...placesIn(step, depth + 1)]);
  return placesIn(undefined, 0);
}

/** The nearest node around it that was reached, in the same iteration or in one that holds it. */
function stepAround({ path, iteration }: RunStep, byKey: ReadonlyMap<string, RunStep>): RunStep | undefined {
  for (const outer of prefixes(path, '/').slice(1)) {
    for (const turn of [...prefixes(iteration, '.'), '']) {
      const step = byKey.get(keyOf(outer, turn));
      if (step) return step;
    }
  }
  return undefined;
}

/** The longest first: `a/b/c`, `a/b`, `a`. */
function prefixes(text: string, separator: string): string[] {
  const parts = text.split(separator);
  return parts.map((_part, index) => parts.slice(0, parts.length - index).join(separator));
}

function keyOf(path: string, iteration: string): string {
  return `${path}#${iteration}`;
}
