/** What the runs of a for-each came to, read from the store: the run itself keeps only counts. */
import { type Json, StepwellError } from '@stepwell/contracts';
import { type ChildEndedPayload, type ExecuteAction, type Fact, innerIteration, itemIndexOf, itemRunOf } from '@stepwell/engine';
import type { ChildResult, ChildResultPage, ChildResultRange } from '@stepwell/sdk';
import type { ActivationHandle } from './host.js';

const MOST_AT_ONCE = 1_000;

/** @param of the step that reads */
export async function childResults<T>(
  { host, run, state, readContext }: Pick<ActivationHandle, 'host' | 'run' | 'state' | 'readContext'>,
  of: Pick<ExecuteAction, 'node' | 'iteration'>,
  id: string,
  { after = -1, first = 100 }: ChildResultRange,
): Promise<ChildResultPage<T>> {
  const refuse = (reason: string) => new StepwellError('OPTION_INVALID', { where: `ctx.childResults("${id}")`, reason });
  const read = readContext.at(of.node, of.iteration);
  const node = read.nodeOf(id);
  if (node.definition.kind !== 'for-each-run') throw refuse('it reads the runs of a forEachRun, and that node is none.');
  if (!Number.isInteger(first) || first < 1 || first > MOST_AT_ONCE) throw refuse(`first is a whole number from 1 to ${MOST_AT_ONCE}.`);
  if (!Number.isInteger(after) || after < -1) throw refuse('after is the index of an item: what the page before gave as next.');
  const iteration = read.iterationOf(node);
  const listed = state.nodes.get(node.path, iteration)?.counts?.listed ?? 0;
  const end = Math.min(after + 1 + first, listed);
  const iterations = Array.from({ length: Math.max(0, end - after - 1) }, (_, index) => innerIteration(iteration, after + 1 + index));
  const facts = await host.store.journals.readNode(run, itemRunOf(node.path), iterations);
  const results = latest(facts);
  const completed = results.flatMap((result) => (result.status === 'completed' ? [result.runId] : []));
  const outputs = completed.length > 0 ? await host.store.journals.outputs(run.tenant, completed) : new Map<string, Json>();
  return {
    results: results.map((result) =>
      result.status === 'completed' ? { ...result, output: (outputs.get(result.runId) ?? null) as T } : result,
    ),
    next: end < listed ? end - 1 : null,
  };
}

/** Of each item the last word: one that was retried has several. */
function latest(facts: readonly Fact[]): ChildResult<never>[] {
  const results = new Map<number, ChildResult<never>>();
  for (const { type, iteration, payload } of facts) {
    const index = itemIndexOf(iteration);
    const { childId: runId, fault } = payload as unknown as Partial<ChildEndedPayload>;
    const own = fault?.cause ?? fault;
    const error = own && { code: own.code, message: own.message };
    if (type === 'child.started' && runId !== undefined) results.set(index, { index, status: 'open', runId });
    else if (error) results.set(index, { index, status: 'failed', runId: runId ?? null, error });
    else if (type === 'child.ended' && runId !== undefined)
      results.set(index, { index, status: 'completed', runId, output: null as never });
  }
  return [...results.values()].sort((left, right) => left.index - right.index);
}
