/**
 * `ctx.transaction`: the caller's writes and the step's own commit are one Postgres transaction. No run row is locked while the author's
 * code runs; at the end comes the seal.
 */
import { StepwellError } from '@stepwell/contracts';
import { type FactDraft, StalledProcessError } from '@stepwell/engine';
import type { EntityManager } from 'typeorm';
import type { Entry } from './entry.js';
import type { ActivationHandle } from './host.js';

const STALLED =
  'its worker stood still meanwhile, each time that the step was tried. Give the event loop back, and compute before it begins.';
const ENDED_ITSELF = 'its work has committed or rolled back by itself; leave that to the step.';

/**
 * @param work the author's writes
 * @param factOf makes the step's fact of what `work` returned; what it throws rolls back
 * @throws StepwellError ATTEMPT_FENCED when the attempt or the lease was lost meanwhile, TRANSACTION_IDLED; UnknownOutcomeError; what
 * `work` throws
 */
export function sealStep<T>(
  activation: ActivationHandle,
  entry: Entry,
  work: (manager: EntityManager) => Promise<T>,
  factOf: (result: T) => Promise<FactDraft>,
): Promise<T> {
  const { store, transactionIdleMs, stalls } = activation.host;
  const sealed = store.transactions.run(transactionIdleMs, async (transaction) => {
    const result = await work(transaction.manager);
    const fact = await factOf(result);
    const where = `Step "${entry.action.node.id}", ctx.transaction`;
    if (!transaction.isActive) throw new StepwellError('OPTION_INVALID', { where, reason: ENDED_ITSELF });
    await transaction.authorIsDone({ hasWritten: true });
    if (!(await activation.seal(entry, () => Promise.resolve([...entry.notes, fact]), transaction)))
      throw new StepwellError('ATTEMPT_FENCED');
    return result;
  });
  return sealed.catch((error: unknown) => {
    // A neighbour's doing costs nobody an attempt. Whoever stalls each time that it is tried does so by itself.
    if (!(error instanceof StalledProcessError) || !stalls.isOneTooMany(activation.run.id, entry.action.key)) throw error;
    throw new StepwellError('TRANSACTION_IDLED', { idleMs: transactionIdleMs, reason: STALLED }, { cause: error });
  });
}
