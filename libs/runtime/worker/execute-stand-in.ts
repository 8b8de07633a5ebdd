import { StepwellError } from '@stepwell/contracts';
import {
  type FactDraft,
  type GraphNode,
  type StandInFailedPayload,
  type StandInKind,
  type StepFault,
  UnknownOutcomeError,
} from '@stepwell/engine';
import { isSuspension, type StepNode } from '@stepwell/sdk';
import { asJson } from './as-json.js';
import { outputToStore } from './checked-output.js';
import type { Entry } from './entry.js';
import { faultOf } from './faults.js';
import type { ActivationHandle } from './host.js';
import { stepCompleted } from './step-completed.js';
import { surroundingsOf } from './step-surroundings.js';
import { WorkerStepContext } from './worker-step-context.js';

/**
 * Runs what the author has stand in for a step that came to nothing, and reports its outcome: an output, marked as a substitute, or that it
 * has failed too. It is tried once; after a crash it is entered again from the top, as any handler is.
 */
export async function executeStandIn(activation: ActivationHandle, entry: Entry, standIn: StandInKind): Promise<void> {
  const node = entry.action.node as GraphNode<StepNode>;
  const { policy, timeoutMs } = node.definition;
  const { attempt, iteration } = entry.action;
  const at = { path: node.path, iteration, attempt };
  const fail = (fault: StepFault) => {
    const payload: StandInFailedPayload = { standIn, fault: entry.shield.fault(fault), startedAt: entry.startedAt };
    const fact: FactDraft = { type: 'stand-in.failed', ...at, payload: asJson(payload) };
    activation.complete(entry, [fact]);
  };
  entry.limit(timeoutMs, () => fail(faultOf(new StepwellError('STEP_TIMED_OUT', { timeoutMs }))));
  try {
    const ctx = new WorkerStepContext(activation, entry, undefined, await surroundingsOf(activation, entry));
    const { code = 'STEP_FAILED', message = '' } = ctx.failure ?? {};
    const run = standIn === 'failure' ? policy.onFailure : policy.onBreach;
    const value: unknown = await run?.({ code, message, attempt }, ctx as never);
    if (ctx.sealing) await ctx.sealing;
    if (entry.sealed) return;
    if (isSuspension(value)) throw new StepwellError('OPTION_INVALID', { where: `Step "${node.id}"`, reason: NO_SUSPENSION });
    const output = await outputToStore(activation, entry, value, policy.output);
    activation.complete(entry, [stepCompleted(at, entry, output, ctx.emitted, ctx.injected)]);
  } catch (error) {
    if (entry.sealed) return;
    if (error instanceof UnknownOutcomeError) activation.interrupt(entry, error);
    else if (!entry.judged && !entry.isObedience(error)) fail(faultOf(error));
  }
}

const NO_SUSPENSION = 'what stands in for its output cannot suspend. Put a step behind it.';
