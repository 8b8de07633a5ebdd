import { StepwellError } from '@stepwell/contracts';
import type { RaceNode } from '@stepwell/sdk';
import type { Decision } from '../decision.js';
import { nodeFailed } from '../facts/node.facts.js';
import { type StepFault, withoutStack } from '../facts/step-fault.js';
import type { Body, GraphNode } from '../graph/graph.js';
import type { NodeKind } from '../graph/node-kind.js';
import type { Outcome } from '../graph/outcome.js';
import { isBelow, openBelow, type RunState } from '../run-state.js';
import { cancelBranches, closingOf } from './cancel-branches.js';

type Ended = Exclude<Outcome, { status: 'pending' }>;

/**
 * Branches side by side until one has won. Who has won is a fact, which closes what the others have open; the race stands as pending until
 * what is shielded in them has been left (`decide`), and what they have done is undone, if the author asked for that. Of branches that one decision finds ended, the one that ended first in the journal
 * counts as the first.
 */
export const raceKind: NodeKind<RaceNode> = {
  kind: 'race',
  label: (definition) => definition.id,
  bodies: (definition) => definition.branches.map(({ name, nodes }) => ({ segment: name, nodes })),
  options: ({ first, compensateLosers }) => ({ first: first === 'success' ? null : first, compensateLosers: compensateLosers || null }),

  advance: (node, iteration, decision, own) => {
    if (own?.fault) return { status: 'failed', fault: own.fault };
    const mark = decision.mark();
    const winner = node.bodies.find(({ segment }) => segment === own?.winner);
    if (winner) {
      const losers = node.bodies.filter((body) => body !== winner);
      if (node.definition.compensateLosers && !decision.undo(node, iteration, losers)) return { status: 'pending' };
      const outcome = decision.advanceBody(winner, iteration);
      if (outcome.status !== 'completed') return outcome;
      return { status: 'completed', output: { winner: winner.segment, output: outcome.output ?? null } };
    }
    const ended = node.bodies.flatMap((body) => {
      const outcome = decision.advanceBody(body, iteration);
      return outcome.status === 'pending' ? [] : [{ body, outcome }];
    });
    const hasFailed = node.definition.first === 'success' && ended.every(({ outcome }) => outcome.status === 'failed');
    if (hasFailed) {
      if (ended.length < node.bodies.length) return { status: 'pending' };
      return decision.record(node, iteration, 'fail', [nodeFailed(node.path, iteration, allFailed(node, ended))]);
    }
    const first = firstOf(node.definition.first === 'settled' ? ended : ended.filter(({ outcome }) => outcome.status === 'completed'), iteration, decision.state); // prettier-ignore
    if (!first) return { status: 'pending' };
    decision.forget(mark);
    if (first.outcome.status === 'failed') return cancelBranches(node, iteration, decision, first.outcome.fault);
    return win(node, iteration, first.body, decision);
  },
};

function win(node: GraphNode<RaceNode>, iteration: string, { segment }: Body, decision: Decision): Outcome {
  const open = openBelow(decision.state, node.path, iteration);
  const effects = closingOf(open, 'The run that started this one does not need it any more: another branch was first.');
  const losers = node.bodies.flatMap((body) => (body.segment === segment ? [] : [body.segment]));
  const undoes = node.definition.compensateLosers ? { undoes: losers } : {};
  return decision.record(node, iteration, 'win', [
    { type: 'race.won', path: node.path, iteration, attempt: 0, payload: { winner: segment, ...undoes }, effects },
  ]);
}

function firstOf<One extends { readonly body: Body }>(ended: readonly One[], iteration: string, state: RunState): One | undefined {
  if (ended.length < 2) return ended[0];
  const endOf = ({ body }: One) =>
    Math.max(...[...state.nodes.values()].flatMap((one) => (isBelow(one, body.path, iteration) ? (one.endedSeq ?? 0) : [])), 0);
  return [...ended].sort((a, b) => endOf(a) - endOf(b))[0];
}

function allFailed({ id }: GraphNode, ended: readonly { readonly body: Body; readonly outcome: Ended }[]): StepFault {
  const errors = ended.flatMap(({ body, outcome }) => (outcome.status === 'failed' ? [[body.segment, withoutStack(outcome.fault)] as const] : [])); // prettier-ignore
  const reasons = errors.map(([name, { message }]) => `${name}: ${message}`).join('; ');
  const { code, message } = new StepwellError('RACE_FAILED', { id, reasons });
  return { code, message, retryable: false, errors: Object.fromEntries(errors) };
}
