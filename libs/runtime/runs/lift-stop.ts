/** A checkpoint that is run while its run is still held there has that run itself go on: what is checked, and what it is told. */
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import type { HostedWorkflow, RunState } from '@stepwell/engine';
import { graphFingerprint } from '../hosting/graph-fingerprint.js';
import type { PortableCheckpoint } from './checkpoint-text.js';
import { type Said, updateMessage } from './signal-messages.js';

export interface LiftRequest {
  readonly overrideData: unknown;
  readonly actor: Actor | null;
  readonly reason: string | null;
}

/**
 * @param state of the run, which has come to no more than this step
 * @returns the message, and the input that the run has then; undefined when it stays the same
 * @throws StepwellError RUN_ENDED, RUN_CANCELING, CONTEXT_NOT_UPDATABLE, INPUT_INVALID (with the fields)
 */
export async function liftStop(
  { runId: id, seq }: Pick<PortableCheckpoint, 'runId' | 'seq'>,
  hosted: HostedWorkflow,
  state: RunState,
  { overrideData, actor: by, reason }: LiftRequest,
): Promise<{ readonly message: Said; readonly input?: Json }> {
  if (state.status !== 'running') throw new StepwellError('RUN_ENDED', { id, status: state.status });
  if (state.cancel ?? state.ending ?? state.fault) throw new StepwellError('RUN_CANCELING', { id });
  const about = { seq, by: by as Json, reason };
  if (overrideData === undefined) return { message: { kind: 'stop.lifted', payload: about } };
  const { payload, input } = await updateMessage({ id, hosted }, state.input, { patch: overrideData, by, reason });
  const { patch } = payload as { readonly patch: Json };
  return { message: { kind: 'stop.lifted', payload: { ...about, patch } }, input };
}

/** @throws StepwellError CHECKPOINT_EXPIRED, CHECKPOINT_STEP_UNKNOWN, CHECKPOINT_GRAPH_CHANGED */
export function refuseUnfit(checkpoint: PortableCheckpoint, { graph }: HostedWorkflow, now: number): void {
  const { runId: id, workflow, version, path, expiresAt } = checkpoint;
  if (expiresAt <= now) throw new StepwellError('CHECKPOINT_EXPIRED', { id, until: new Date(expiresAt).toISOString() });
  if (!graph.byPath.has(path)) throw new StepwellError('CHECKPOINT_STEP_UNKNOWN', { id, path, workflow, version });
  if (graphFingerprint(graph) !== checkpoint.fingerprint) throw new StepwellError('CHECKPOINT_GRAPH_CHANGED', { id, workflow, version });
}
