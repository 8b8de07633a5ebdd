import { StepwellError } from '@stepwell/contracts';
import { type FactDraft, type GraphNode, UnknownOutcomeError, unverified, verified } from '@stepwell/engine';
import type { StepNode, Verdict } from '@stepwell/sdk';
import { outputToStore } from './checked-output.js';
import type { Entry } from './entry.js';
import { faultOf } from './faults.js';
import type { ActivationHandle } from './host.js';
import { AttemptKeys } from './step-keys.js';
import { surroundingsOf } from './step-surroundings.js';
import { WorkerStepContext } from './worker-step-context.js';

/** Asks the author's code what became of an effect whose outcome is not known. What it throws says no more than that it is still not known. */
export async function executeVerification(activation: ActivationHandle, entry: Entry): Promise<void> {
  const node = entry.action.node as GraphNode<StepNode>;
  const { policy, timeoutMs, handler } = node.definition;
  const { attempt, iteration } = entry.action;
  const at = { path: node.path, iteration, attempt };
  const { host } = activation;
  const read = activation.readContext.at(node, iteration);
  const context = () => ({ state: activation.state, now: host.clock.now(), random: host.random(), read });
  const end = (fact: FactDraft) => activation.complete(entry, [fact]);
  entry.limit(timeoutMs, () => end(unverified(at, faultOf(new StepwellError('STEP_TIMED_OUT', { timeoutMs })), context())));
  try {
    const surroundings = await surroundingsOf(activation, entry);
    const ctx = new WorkerStepContext(activation, entry, node.definition.params?.(surroundings.read), surroundings);
    const verdict: unknown = await policy.externalEffect?.verify?.(ctx as never, handler && host.handlers.get(handler));
    if (!isVerdict(verdict)) throw new StepwellError('OPTION_INVALID', { where: `Step "${node.id}", verify`, reason: VERDICTS });
    const hasHappened = verdict !== 'unknown' && verdict.happened;
    const output = hasHappened ? await outputToStore(activation, entry, verdict.output, policy.output) : null;
    entry.shield.check(output, `The output of step "${node.id}"`);
    const fact = verified(node, at, verdict, output, entry.startedAt, context());
    const keys = AttemptKeys.of(activation, entry);
    if (hasHappened) await keys?.keep(output);
    else if (verdict !== 'unknown') await keys?.loosen();
    keys?.failed(fact);
    end(fact);
  } catch (error) {
    if (error instanceof UnknownOutcomeError) activation.interrupt(entry, error);
    else if (!entry.judged && !entry.isObedience(error)) end(unverified(at, entry.shield.fault(faultOf(error)), context()));
  }
}

const VERDICTS = "it says { happened: true, output }, { happened: false } or 'unknown'.";

function isVerdict(value: unknown): value is Verdict {
  return (
    value === 'unknown' || (typeof value === 'object' && value !== null && typeof (value as { happened?: unknown }).happened === 'boolean')
  );
}
