import { type Actor, StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type DurationText, parseDuration } from '../duration.js';
import { FlowBuilder, type NodeBase } from '../flow.js';
import type { Signal } from '../signal.js';

export interface WaitForSignalOptions {
  readonly id?: string;
  /** How long to wait at most; then the output is `{ timedOut: true, payload: null, by: null }`. Default: for ever. */
  readonly timeout?: DurationText;
}

/** The output of the node: `ctx.resultOf<SignalWaitResult<Verdict>>('verdict')`. */
export type SignalWaitResult<P> =
  | { readonly timedOut: false; readonly payload: P; readonly by: Actor | null }
  | { readonly timedOut: true; readonly payload: null; readonly by: null };

export interface WaitForSignalNode extends NodeBase {
  readonly kind: 'wait-for-signal';
  readonly signal: string;
  readonly timeoutMs: number | null;
}

declare module '../flow.js' {
  interface NodeDefinitions {
    waitForSignal: WaitForSignalNode;
  }
  interface Flow<In> {
    /**
     * Waits for a signal to this run, which its workflow has in its `signals`. It takes the oldest one that no wait of the run has taken yet,
     * so one that came early is kept. A waiting run costs a row and no memory.
     *
     * @param signal what `signal()` returned, or its name
     */
    waitForSignal(signal: Signal<object> | string, options?: WaitForSignalOptions): Flow<In>;
  }
}

FlowBuilder.prototype.waitForSignal = function (
  this: FlowBuilder<unknown>,
  signal: Signal<object> | string,
  options: WaitForSignalOptions = {},
) {
  const id = options.id === undefined ? this.nextId('wait-for-signal') : checkId(options.id);
  const where = `Workflow "${this.name}", waitForSignal "${id}"`;
  const timeoutMs = options.timeout === undefined ? null : parseDuration(options.timeout, `${where}, timeout`);
  if (timeoutMs === 0) throw new StepwellError('OPTION_INVALID', { where, reason: 'a timeout of nothing waits for nothing.' });
  this.nodes.push({ kind: 'wait-for-signal', id, signal: typeof signal === 'string' ? signal : signal.name, timeoutMs });
  return this;
};
