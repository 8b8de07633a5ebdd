import { StepwellError } from '@stepwell/contracts';
import type { LoopNode, ReadContext } from '@stepwell/sdk';
import { type LoopEnding, loopTurned } from '../facts/loop.facts.js';
import { nodeFailed } from '../facts/node.facts.js';
import type { Body } from '../graph/graph.js';
import { innerIteration } from '../graph/iteration.js';
import type { NodeKind } from '../graph/node-kind.js';
import { conditionText } from './condition-text.js';

/**
 * The branch turn after turn, each under an iteration of its own. After a turn, and before the first, one fact says whether the loop goes
 * on and when: it also lets the state forget all turns before the one that is done.
 */
export const loopKind: NodeKind<LoopNode> = {
  kind: 'loop',
  label: (definition) => definition.id,
  bodies: (definition) => [{ segment: 'turn', label: 'each turn', nodes: definition.nodes, repeats: true }],
  mayTakeNone: (definition) => definition.while !== undefined,
  options: ({ while: holds, until, maxIterations, atCap, pauseMs }) => ({
    while: (holds && conditionText(holds)) ?? null,
    until: (until && conditionText(until)) ?? null,
    maxIterations,
    atCap: atCap === 'fail' ? null : atCap,
    pauseMs,
  }),

  advance: (node, iteration, decision, state) => {
    if (state?.fault) return { status: 'failed', fault: state.fault };
    const [body] = node.bodies;
    if (!body || state?.turns === undefined) return decision.evaluate(node, iteration, 'turn-0');
    const { turns, ending, dueAt } = state;
    if (ending) {
      const last = turns > 0 ? decision.advanceBody(body, innerIteration(iteration, turns - 1)) : undefined;
      const output = last?.status === 'completed' ? (last.output ?? null) : null;
      return { status: 'completed', output: { iterations: turns, output, capped: ending === 'cap' } };
    }
    if (dueAt !== undefined && dueAt > decision.now) return decision.wait('timer', dueAt);
    const outcome = decision.advanceBody(body, innerIteration(iteration, turns));
    return outcome.status === 'completed' ? decision.evaluate(node, iteration, `turn-${turns + 1}`) : outcome;
  },

  evaluate: async ({ definition, path, bodies }, iteration, _purpose, { state, now, readAt }) => {
    const { turns = -1, spent = 0 } = state.nodes.get(path, iteration) ?? {};
    const finished = turns + 1;
    const [first] = bodies[0]?.nodes ?? [];
    if (!first) return [];
    const read = readAt(first, innerIteration(iteration, finished - 1));
    const ending = await endingOf(definition, read, finished, finished - spent);
    if (ending === 'cap' && definition.atCap === 'fail') {
      const { code, message } = new StepwellError('LOOP_CAPPED', { id: definition.id, iterations: finished });
      return [
        loopTurned(path, iteration, { finished, ending: null, dueAt: null }),
        nodeFailed(path, iteration, { code, message, retryable: false }),
      ];
    }
    const dueAt = definition.pause && finished > 0 && !ending ? now + definition.pause(read) : null;
    const undoable = finished === 0 ? undoableIn(bodies) : [];
    return [loopTurned(path, iteration, { finished, ending, dueAt, ...(undoable.length > 0 ? { undoable } : {}) })];
  },
};

/** @returns the paths of the steps that have an undo */
export function undoableIn(bodies: readonly Body[]): string[] {
  return bodies.flatMap(({ nodes }) => nodes.flatMap((node) => [...(node.undo ? [node.path] : []), ...undoableIn(node.bodies)]));
}

/** @param counted turns since the loop began, or since it was retried at its cap */
async function endingOf(
  { while: holds, until, maxIterations }: LoopNode,
  read: ReadContext<never>,
  finished: number,
  counted: number,
): Promise<LoopEnding | null> {
  if (until && finished > 0 && (await until(read))) return 'until';
  if (holds && !(await holds(read))) return 'while';
  if (counted < maxIterations) return null;
  return holds || until ? 'cap' : 'count';
}
