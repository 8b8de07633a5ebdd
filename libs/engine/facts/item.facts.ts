/**
 * The items of a for-each that starts a run for each of them. What is done is counted and forgotten, so that a run of a long list is no
 * larger than what of it is still to be done.
 */
import type { Json } from '@stepwell/contracts';
import { innerIteration, outerIteration } from '../graph/iteration.js';
import { itemIndexOf, itemRunOf, ownerOfItemRun } from '../graph/item-run.js';
import { forget, type ItemCounts, nodeOf, type NodeState, type RunState } from '../run-state.js';
import { type FactDraft, type FactType, payloadOf } from './fact.js';
import type { StepFault } from './step-fault.js';

export interface PageListedPayload {
  /** The items behind those of the page before. */
  readonly items: readonly Json[];
  /** Where the next page begins; null when there is none. */
  readonly next: Json;
  /** Whether items that fail are kept: their failure is the node's, or a retry of the run tries them again. */
  readonly keepsFailed: boolean;
}

/** A page of the list, as it was when it was asked for. */
export const pageListedFact: FactType = {
  type: 'page.listed',
  version: 1,
  apply: (state, fact) => {
    const { items, next, keepsFailed } = payloadOf<PageListedPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'chosen');
    node.counts ??= { listed: 0, next, keepsFailed, open: new Map(), living: 0, completed: 0, failed: 0, failures: new Map() };
    const { counts } = node;
    counts.next = next;
    for (const item of items) counts.open.set(counts.listed++, item);
  },
};

export function pageListed(path: string, iteration: string, payload: PageListedPayload): FactDraft {
  return { type: 'page.listed', path, iteration, attempt: 0, payload: { ...payload } };
}

/** No run could be started of an item: what its author made of it does not fit the workflow. */
export const childRefused: FactType = {
  type: 'child.refused',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'failed');
    node.fault = payloadOf<{ fault: StepFault }>(fact).fault;
    itemStarted(state, node);
    itemEnded(state, node);
  },
};

/** Counts the run of an item; of any other node nothing. */
export function itemStarted(state: RunState, node: NodeState): void {
  const counts = countsAround(state, node);
  if (counts) counts.living++;
}

/** The run of an item has ended: it is counted, and forgotten where nobody asks for it again. */
export function itemEnded(state: RunState, node: NodeState): void {
  const counts = countsAround(state, node);
  if (!counts) return;
  const index = itemIndexOf(node.iteration);
  const item = counts.open.get(index) ?? null;
  counts.open.delete(index);
  counts.living--;
  if (node.fault) counts.failed++;
  else counts.completed++;
  if (node.fault && counts.keepsFailed) counts.failures.set(index, item);
  else forget(state, ownerOfItemRun(node.path) ?? '', node.iteration);
}

/** After nodes have begun anew: items whose runs are among them are to be done again. */
export function reopenItems(state: RunState): void {
  for (const { path, iteration, counts } of state.nodes.values()) {
    if (!counts) continue;
    const runOf = (index: number) => state.nodes.get(itemRunOf(path), innerIteration(iteration, index));
    for (const [index, item] of counts.failures) {
      if (runOf(index)) continue;
      counts.failures.delete(index);
      counts.failed--;
      counts.open.set(index, item);
    }
    counts.living = [...counts.open.keys()].filter((index) => runOf(index)?.phase === 'child').length;
  }
}

function countsAround(state: RunState, { path, iteration }: NodeState): ItemCounts | undefined {
  const owner = ownerOfItemRun(path);
  return owner === undefined ? undefined : state.nodes.get(owner, outerIteration(iteration, iteration.split('.').length - 1))?.counts;
}
