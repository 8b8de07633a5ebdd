import { StepwellError } from '@stepwell/contracts';
import { type Fact, fold, type WorkflowCatalog } from '@stepwell/engine';
import { type CheckpointUse, liftStop, type PortableCheckpoint, refuseUnfit, type Said } from '@stepwell/runtime';

/**
 * What a run that is held at a checkpoint is told when that is run, where there is no database to fork another one in.
 *
 * @param facts of the run
 * @throws StepwellError as `StepwellClient.runCheckpoint`; Error when another run would have to go on
 */
export async function heldMessage(
  checkpoint: PortableCheckpoint,
  catalog: WorkflowCatalog,
  facts: readonly Fact[],
  use: CheckpointUse,
  now: number,
): Promise<Said> {
  const { runId: id, seq, workflow, version } = checkpoint;
  const hosted = catalog.version(workflow, version);
  if (!hosted) throw new StepwellError('RUN_NOT_FOUND', { id });
  refuseUnfit(checkpoint, hosted, now);
  const state = fold(facts);
  if (state.holds.has(seq)) return (await liftStop(checkpoint, hosted, state, use)).message;
  const isUsed = facts.some(({ type, payload }) => type === 'stop.lifted' && (payload as { seq: number }).seq === seq);
  if (isUsed) throw new StepwellError('CHECKPOINT_USED', { id });
  throw new Error(
    "The run is not stopped there, so another one would go on: on PostgreSQL only, testKit({ workflows, store: 'postgres' }).",
  );
}
