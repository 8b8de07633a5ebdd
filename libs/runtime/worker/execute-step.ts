import { type Json, StepwellError } from '@stepwell/contracts';
import {
  type AttemptSuspendedPayload,
  type FactDraft,
  failedAttempt,
  type GraphNode,
  type GraphReadContext,
  type StepFault,
  unknownEffect,
  UnknownOutcomeError,
} from '@stepwell/engine';
import { isSuspension, type StepNode, type Suspension, UnknownEffectError } from '@stepwell/sdk';
import { asJson } from './as-json.js';
import { outputToStore } from './checked-output.js';
import type { Entry } from './entry.js';
import { faultOf } from './faults.js';
import { aboutRun, type ActivationHandle } from './host.js';
import { type At, stepCompleted } from './step-completed.js';
import { AttemptKeys } from './step-keys.js';
import { surroundingsOf } from './step-surroundings.js';
import { WorkerStepContext } from './worker-step-context.js';

/** Runs a handler from the top and reports its outcome: an output, a suspension or a fault. */
export async function executeStep(activation: ActivationHandle, entry: Entry): Promise<void> {
  const node = entry.action.node as GraphNode<StepNode>;
  const { definition } = node;
  const { attempt, iteration } = entry.action;
  const at = { path: node.path, iteration, attempt };
  const { host } = activation;
  const { policy } = definition;
  const read = activation.readContext.at(node, iteration);
  const keys = AttemptKeys.of(activation, entry);
  const outcome = new Outcome(activation, entry, node, at, read, keys);
  watch(definition, entry, outcome);

  try {
    const instead = keys && (await keys.use());
    if (instead) return activation.complete(entry, [instead]);
    const around = surroundingsOf(activation, entry);
    const surroundings = around instanceof Promise ? await around : around;
    // Its time was over, or its run was lost, before it had all that it needs.
    if (!entry.open) return;
    if (activation.interceptors) await activation.interceptors.beforeStep(entry);
    const ctx = new WorkerStepContext(activation, entry, definition.params?.(surroundings.read), surroundings);
    const value: unknown = definition.handler
      ? await host.handlers.get(definition.handler).run(ctx as never)
      : await definition.run?.(ctx as never);
    outcome.hasReturned = true;
    // A transaction that the handler forgot to await counts all the same.
    if (ctx.sealing) await ctx.sealing;
    if (entry.sealed) return;
    if (isSuspension(value)) {
      const now = activation.readContext.at(node, iteration).input;
      const beganWith = read.input === now ? undefined : read.input;
      return activation.complete(entry, [suspended(at, entry, value, host.clock.now(), beganWith)]);
    }
    const stored = outputToStore(activation, entry, value, policy.output);
    const output = stored instanceof Promise ? await stored : stored;
    const fact = stepCompleted(at, entry, output, ctx.emitted, ctx.injected);
    if (keys) await keys.keep(output);
    activation.complete(entry, [fact]);
  } catch (error) {
    if (entry.sealed) {
      const about = { ...aboutRun(activation.run), stepId: node.id, error: entry.shield.text(faultOf(error).message) };
      host.log.warn('The step failed after its transaction had completed it', about);
    } else if (error instanceof UnknownOutcomeError) activation.interrupt(entry, error);
    // Obeying its signal is no result.
    else if (!entry.judged && !entry.isObedience(error)) {
      if (!outcome.isLost(error)) await keys?.loosen();
      outcome.fail(error);
    }
  }
}

/** Nothing is made for a step whose time has no bounds. */
function watch({ timeoutMs, policy: { heartbeatMs } }: StepNode, entry: Entry, outcome: Outcome): void {
  if (timeoutMs !== null) entry.limit(timeoutMs, () => outcome.lose(faultOf(new StepwellError('STEP_TIMED_OUT', { timeoutMs }))));
  if (heartbeatMs !== null) entry.listen(heartbeatMs, () => outcome.lose(faultOf(new StepwellError('HEARTBEAT_LOST', { heartbeatMs }))));
}

/** How an entry that comes to no output is reported. */
class Outcome {
  /** What returned has done its work outside, whatever is wrong with its output. */
  hasReturned = false;

  constructor(
    private readonly activation: ActivationHandle,
    private readonly entry: Entry,
    private readonly node: GraphNode<StepNode>,
    private readonly at: At,
    private readonly read: GraphReadContext,
    private readonly keys: AttemptKeys | undefined,
  ) {}

  /** Abandoned while it ran: what it did outside, if it does something there, nobody knows. */
  lose(fault: StepFault): void {
    const { activation, entry, at } = this;
    if (!this.node.definition.policy.externalEffect) return this.fail(undefined, fault);
    activation.complete(entry, [unknownEffect(at, entry.shield.fault(fault), entry.startedAt)]);
  }

  isLost(cause: unknown): boolean {
    return Boolean(this.node.definition.policy.externalEffect) && (this.hasReturned || cause instanceof UnknownEffectError);
  }

  fail(cause: unknown, fault: StepFault = faultOf(cause)): void {
    if (this.isLost(cause)) return this.lose(fault);
    const { activation, entry, node, at, read, keys } = this;
    const { host, state } = activation;
    const context = { state, now: host.clock.now(), random: host.random(), read };
    const failure = { fault: entry.shield.fault(fault), cause, startedAt: entry.startedAt, worker: host.name };
    const draft = failedAttempt(node, at, failure, context);
    keys?.failed(draft);
    activation.complete(entry, [draft]);
  }
}

function suspended(at: At, entry: Entry, suspension: Suspension, now: number, beganWith: Json | undefined): FactDraft {
  const payload: AttemptSuspendedPayload = {
    asyncResultId: suspension.asyncResultId,
    dueAt: suspension.timeoutMs === null ? null : now + suspension.timeoutMs,
    startedAt: entry.startedAt,
    ...(beganWith === undefined ? {} : { beganWith }),
  };
  return { type: 'attempt.suspended', ...at, payload: asJson(payload) };
}
