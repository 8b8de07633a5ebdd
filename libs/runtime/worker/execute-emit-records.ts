/**
 * Reads one batch of an emitter's records and commits it: cursor, record keys, processor runs, ledger rows and the batch's fact in one
 * transaction. The source is read before the transaction begins, so no author code runs under a lock.
 *
 * When two runs of one emitter are at work, the cursor decides: it moves only from where the batch began to read. Who comes second
 * drops what it has read and reads again from there, so no stretch of the source is counted twice and the cursor never goes back.
 */
import { StepwellError } from '@stepwell/contracts';
import {
  type BatchEmittedPayload,
  type EmitterBatch,
  type FactDraft,
  type GraphNode,
  type NewRun,
  nextAttemptAt,
  ruledOn,
  type StepFault,
  triesOf,
  UnknownOutcomeError,
} from '@stepwell/engine';
import { type EmitRecordsNode, NO_RETRY, stepMetadata } from '@stepwell/sdk';
import { asJson } from './as-json.js';
import type { Entry } from './entry.js';
import { faultOf } from './faults.js';
import type { ActivationHandle } from './host.js';
import { ledgerRow, prepareBatch, type PreparedBatch } from './prepare-batch.js';
import { WorkerStepContext } from './worker-step-context.js';

export async function executeEmitRecords(activation: ActivationHandle, entry: Entry): Promise<void> {
  const node = entry.action.node as GraphNode<EmitRecordsNode>;
  const { host } = activation;
  const { attempt, iteration } = entry.action;
  const at = { path: node.path, iteration, attempt };
  const metadata = stepMetadata(node.definition.source);
  const retry = metadata?.retry ?? NO_RETRY;
  const fail = (cause: unknown, thrown: StepFault = faultOf(cause)) => {
    const fault = ruledOn(retry, thrown, cause, activation.readContext, attempt);
    const retryAt = nextAttemptAt(retry, fault, triesOf(activation.state, at), host.clock.now(), host.random());
    activation.complete(entry, [
      { type: 'attempt.failed', ...at, payload: asJson({ fault, startedAt: entry.startedAt, retryAt, worker: host.name }) },
    ]);
  };
  let looks = 0;
  try {
    // Before its time begins: what waits for room has not failed.
    await host.ownStarts.roomFor(node.definition.batchSize);
    mayReadOn(activation, entry);
    await host.roomForEmitter(activation.run.tenant, () => {
      mayReadOn(activation, entry);
      if (++looks > 1) tellThatItWaits(activation);
    });
  } catch (error) {
    if (error instanceof NobodyWaits) return;
    // Nothing has come of it, so it begins anew when the run is resumed.
    if (error instanceof IsPaused) return activation.complete(entry, []);
    if (error instanceof UnknownOutcomeError) return activation.interrupt(entry, error);
    throw error;
  }
  const timeoutMs = metadata?.timeoutMs ?? null;
  entry.limit(timeoutMs, () => fail(undefined, faultOf(new StepwellError('STEP_TIMED_OUT', { timeoutMs }))));
  try {
    while (entry.open && !(await emitBatch(activation, entry, node)));
  } catch (error) {
    if (entry.sealed || entry.isObedience(error)) return;
    if (error instanceof UnknownOutcomeError) activation.interrupt(entry, error);
    else fail(error);
  }
}

/** @throws NobodyWaits, IsPaused, UnknownOutcomeError when the batch is not to be read now */
function mayReadOn({ host, state }: ActivationHandle, entry: Entry): void {
  if (!entry.open) throw new NobodyWaits();
  if (host.isStopping) throw new UnknownOutcomeError('The worker stops; another one reads on.');
  if (state.isPaused) throw new IsPaused();
}

/** @returns false when another run of the emitter has moved the cursor meanwhile */
async function emitBatch(activation: ActivationHandle, entry: Entry, node: GraphNode<EmitRecordsNode>): Promise<boolean> {
  const { host, run } = activation;
  const ctx = new WorkerStepContext(activation, entry, undefined);
  const cursor = await host.store.transactions.readCursor(run.tenant, run.workflow).catch((cause: unknown) => {
    throw new UnknownOutcomeError('The cursor cannot be read.', { cause });
  });
  const { signal, logger } = ctx;
  const read: unknown = await host.handlers
    .get(node.definition.source)
    .read({ cursor, limit: node.definition.batchSize, runId: run.id, signal, logger });
  const { processor } = node.definition;
  const batch = await prepareBatch(read, cursor, node.definition, run, (start) => host.catalog.toStart(processor, start).definition);
  let started: readonly NewRun[] = [];
  let isKnown = true;
  const begin = (runs: readonly NewRun[]) => (started = host.ownStarts.reserve(runs));
  try {
    return await host.store.transactions.run(host.transactionIdleMs, async (transaction) => {
      await transaction.authorIsDone({ hasWritten: false });
      const commitBatch = async (): Promise<FactDraft[]> => {
        const rows = transaction.batch;
        if (!(await rows.lockRun(run))) throw new StepwellError('ATTEMPT_FENCED');
        if (!(await rows.moveCursor(run.tenant, run.workflow, JSON.stringify(cursor), batch.cursor, run.id))) throw new CursorMoved();
        return [await write(rows, activation, entry, batch, begin)];
      };
      try {
        await activation.seal(entry, commitBatch, transaction);
        return true;
      } catch (error) {
        if (error instanceof CursorMoved) return false;
        throw error;
      }
    });
  } catch (error) {
    isKnown = !(error instanceof UnknownOutcomeError);
    throw error;
  } finally {
    if (entry.sealed) host.ownStarts.begin(started);
    else host.ownStarts.decline(started, isKnown);
  }
}

class CursorMoved extends Error {}

/** Its run was canceled, or passed on, while the queue was full. */
class NobodyWaits extends Error {}

/** Its run was paused while the queue was full. */
class IsPaused extends Error {}

const told = new WeakSet<ActivationHandle>();

/** Once for each time that its run is claimed, not for each batch. */
function tellThatItWaits(activation: ActivationHandle): void {
  if (told.has(activation)) return;
  told.add(activation);
  const { id: runId, tenant, workflow } = activation.run;
  activation.host.log.warn('An emitter waits until there is room in the queue', { runId, tenant, workflow });
}

/** @param begin says which of the new runs this worker takes */
async function write(
  rows: EmitterBatch,
  activation: ActivationHandle,
  entry: Entry,
  batch: PreparedBatch,
  begin: (runs: readonly NewRun[]) => readonly NewRun[],
): Promise<FactDraft> {
  const { tenant, id, workflow } = activation.run;
  const { node, iteration, attempt } = entry.action;
  const number = activation.state.nodes.get(node.path, '')?.batches ?? 0;
  const { records, rejected } = batch;
  const keys = records.map((record) => record.key);
  const fresh =
    records.length === 0
      ? new Set<string>()
      : await rows.claimRecordKeys(
          tenant,
          workflow,
          keys,
          records.map((record) => record.run.id),
        );
  // A key twice in one batch: the first record has it.
  const started = records.filter(({ key }, index) => fresh.has(key) && keys[index - 1] !== key);
  const isStarted = new Set(started);
  if (started.length > 0) await rows.insertRuns(begin(started.map((record) => record.run)));
  const ledger = [...rejected, ...records.map((record) => ledgerRow(record, isStarted.has(record)))];
  if (ledger.length > 0) await rows.insertReads(tenant, id, number, workflow, ledger);
  const payload: BatchEmittedPayload = {
    batch: number,
    read: ledger.length,
    rejected: rejected.length,
    deduplicated: records.length - started.length,
    started: started.length,
    cursor: asJson(JSON.parse(batch.cursor)),
    done: batch.done,
    startedAt: entry.startedAt,
  };
  return { type: 'batch.emitted', path: node.path, iteration, attempt, payload: asJson(payload) };
}
