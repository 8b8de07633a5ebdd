import { payloadOf, type Fact } from '../facts/fact.js';
import type { RunMigratedPayload } from '../facts/migration.facts.js';
import type { Graph } from '../graph/graph.js';
import { nodeKey } from '../graph/iteration.js';
import type { TimelineStep } from './timeline-step.js';

/**
 * Puts the steps where a migration has put them, or back. What was removed stays where it was: it has happened.
 *
 * @param migrated the fact of the migration
 * @returns the steps whose node is gone
 */
export function moveSteps(steps: Map<string, TimelineStep>, migrated: Fact, isUndone: boolean, graph: Graph | undefined): TimelineStep[] {
  const { moved, removed } = payloadOf<RunMigratedPayload>(migrated);
  const paths = new Map(moved.map(({ from, to }) => (isUndone ? [to, from] : [from, to])));
  const before = [...steps.values()];
  steps.clear();
  for (const step of before) {
    const path = paths.get(step.path) ?? step.path;
    const node = graph?.byPath.get(path);
    const key = nodeKey(path, step.iteration);
    steps.set(key, { ...step, key, path, nodeId: node?.id ?? step.nodeId, kind: node?.definition.kind ?? step.kind });
  }
  return isUndone ? [] : [...steps.values()].filter(({ path }) => removed.includes(path));
}
