import { findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import type { ForEachRunNode, ItemPage, SubWorkflowNode } from '@stepwell/sdk';
import type { Decision } from '../decision.js';
import type { EvaluateContext } from '../evaluate-context.js';
import type { FactDraft } from '../facts/fact.js';
import { pageListed } from '../facts/item.facts.js';
import { nodeFailed } from '../facts/node.facts.js';
import type { StepFault } from '../facts/step-fault.js';
import type { GraphNode } from '../graph/graph.js';
import { itemRunOf } from '../graph/item-run.js';
import { innerIteration } from '../graph/iteration.js';
import type { NodeKind } from '../graph/node-kind.js';
import type { ItemCounts, RunState } from '../run-state.js';
import { cancelBranches } from './cancel-branches.js';
import { subWorkflowKind } from './sub-workflow.kind.js';

/**
 * A run for each item. Pages of the list are facts, each asked for when the items before have begun; how it stands follows from the counts
 * that its children's facts leave, so it looks at no item that is done.
 */
export const forEachRunKind: NodeKind<ForEachRunNode> = {
  kind: 'for-each-run',
  label: (definition) => definition.id,
  bodies: (definition) => [{ segment: 'each', label: 'each item', nodes: definition.nodes, repeats: true }],
  mayTakeNone: () => true,
  options: ({ concurrency, onItemFailure }) => ({ concurrency, onItemFailure: onItemFailure === 'stop' ? null : onItemFailure }),
  progress: ({ counts }) => counts && { done: counts.completed + counts.failed, total: counts.next === null ? counts.listed : null },

  advance: (node, iteration, decision, state) => {
    const { counts, fault } = state ?? {};
    if (fault) return { status: 'failed', fault };
    if (!counts) return decision.evaluate(node, iteration, 'page-0');
    const { onItemFailure, concurrency } = node.definition;
    if (onItemFailure === 'stop' && counts.failed > 0)
      return cancelBranches(node, iteration, decision, firstFailure(node, iteration, decision));
    if (counts.living < concurrency) {
      if (counts.open.size > counts.living)
        return decision.evaluate(node, iteration, `start-${counts.listed - counts.open.size + counts.living}`);
      if (counts.next !== null) return decision.evaluate(node, iteration, `page-${counts.listed}`);
    }
    if (counts.living > 0) return decision.wait('child');
    const { listed: total, completed, failed } = counts;
    if (onItemFailure === 'continue' || failed === 0) return { status: 'completed', output: { total, completed, failed } };
    return decision.record(node, iteration, 'collect', [nodeFailed(node.path, iteration, collected(node, iteration, decision, counts))]);
  },

  evaluate: (node, iteration, purpose, context) => {
    const counts = context.state.nodes.get(node.path, iteration)?.counts;
    return counts && purpose.startsWith('start') ? startRuns(node, iteration, counts, context) : listPage(node, iteration, counts, context);
  },
};

/** Of one fact: a page that its author gives may be larger. */
const ITEMS_OF_A_PAGE = 1_000;
/** Of one evaluation: their inputs are made and checked without a pause for other runs. */
const STARTS_AT_ONCE = 100;

async function listPage(
  { definition, path }: GraphNode<ForEachRunNode>,
  iteration: string,
  counts: ItemCounts | undefined,
  { read }: EvaluateContext,
): Promise<readonly FactDraft[]> {
  const { id, onItemFailure } = definition;
  const refuse = (reason: string) => new StepwellError('OPTION_INVALID', { where: `forEachRun "${id}"`, reason });
  const cursor = counts?.next ?? null;
  const answer: unknown = await definition.items(read, cursor);
  const { items, next = null } = (Array.isArray(answer) ? { items: answer } : (answer ?? {})) as ItemPage<Json>;
  if (!Array.isArray(items)) throw refuse('its list must be an array, or a page: { items: [...], next }. It is neither.');
  const bad = findNonJson(items, 'items') ?? findNonJson(next, 'next');
  if (bad) throw new StepwellError('OUTPUT_NOT_JSON', { id, path: bad.path, reason: bad.reason });
  const said = JSON.stringify(next);
  if (next !== null && said === JSON.stringify(cursor))
    throw refuse(`its page at ${said} says that the next one is at ${said}, too. It would never end.`);
  const pages = Array.from({ length: Math.max(1, Math.ceil(items.length / ITEMS_OF_A_PAGE)) }, (_, index) =>
    (items as readonly Json[]).slice(index * ITEMS_OF_A_PAGE, (index + 1) * ITEMS_OF_A_PAGE),
  );
  return pages.map((page) => pageListed(path, iteration, { items: page, next, keepsFailed: onItemFailure !== 'continue' }));
}

async function startRuns(
  { definition, path, bodies }: GraphNode<ForEachRunNode>,
  iteration: string,
  { open, living }: ItemCounts,
  context: EvaluateContext,
): Promise<readonly FactDraft[]> {
  const { concurrency, onItemFailure, id } = definition;
  const [run] = (bodies[0]?.nodes ?? []) as readonly GraphNode<SubWorkflowNode>[];
  const room = Math.min(concurrency - living, STARTS_AT_ONCE);
  const facts: FactDraft[] = [];
  for (const index of open.keys()) {
    if (facts.length === room || !run) break;
    const at = innerIteration(iteration, index);
    if (context.state.nodes.has(itemRunOf(path), at)) continue;
    try {
      facts.push(...((await subWorkflowKind.evaluate?.(run, at, 'start', { ...context, read: context.readAt(run, at) })) ?? []));
    } catch (error) {
      const { message, ...fault } = context.faultOf(error);
      const payload = { fault: { ...fault, message: `No run was started for item ${index} of "${id}": ${message}`, retryable: false } };
      facts.push({ type: 'child.refused', path: run.path, iteration: at, attempt: 1, payload });
      if (onItemFailure === 'stop') break;
    }
  }
  return facts;
}

/** With the place of the item, which the node that fails with it keeps. */
function firstFailure({ path }: GraphNode, iteration: string, { state }: Decision): StepFault {
  const counts = state.nodes.get(path, iteration)?.counts;
  return failureOf(state, path, iteration, [...(counts?.failures.keys() ?? [])][0] ?? 0);
}

function collected({ path, id }: GraphNode, iteration: string, { state }: Decision, { listed, failed, failures }: ItemCounts): StepFault {
  const [first = 0] = failures.keys();
  const reason = failureOf(state, path, iteration, first).message;
  const { code, message } = new StepwellError('ITEMS_FAILED', { id, failed, total: listed, index: first, reason });
  return { code, message, retryable: false };
}

function failureOf(state: RunState, path: string, iteration: string, index: number): StepFault {
  const at = { path: itemRunOf(path), iteration: innerIteration(iteration, index) };
  const fault = state.nodes.get(at.path, at.iteration)?.fault;
  return { code: 'CHILD_FAILED', message: '', retryable: false, ...fault, ...at };
}
