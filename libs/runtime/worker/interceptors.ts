/**
 * The interceptors of a run's workflow: called in the order in which it lists them. What one throws becomes a fact and nothing else. There
 * is none of this for a workflow without interceptors, but where a run is held for an answer from before: then nobody has anything against it.
 */
import { findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import {
  type ClaimedRun,
  type EndAction,
  failedInterceptor,
  type FactDraft,
  type Graph,
  type Hold,
  type HostedWorkflow,
  type RunState,
} from '@stepwell/engine';
import type { InterceptedRun, InterceptedSignal, InterceptedStep, Interceptor, Type } from '@stepwell/sdk';
import { Alarm } from './alarm.js';
import type { Entry } from './entry.js';
import { faultOf } from './faults.js';
import type { ActivationHost, StepInterceptors } from './host.js';
import { stepBehind } from './step-behind.js';

/** One that hangs holds its run up for so long: long for a log, short for a person who looks at the run. */
const PATIENCE_MS = 10_000;

const AT_RUN = { path: '', iteration: '', attempt: 0 } as const;

type Hook = keyof Interceptor;
type Host = Pick<ActivationHost, 'handlers' | 'timers' | 'checkpoints'>;

export class Interceptors implements StepInterceptors {
  private constructor(
    private readonly host: Host,
    private readonly types: readonly Type<Interceptor>[],
    private readonly run: InterceptedRun,
    private readonly graph: Graph,
  ) {}

  /** @returns undefined when there is none, and nothing holds the run */
  static of(host: Host, run: ClaimedRun, { definition, graph }: HostedWorkflow, state?: Pick<RunState, 'holds'>): Interceptors | undefined {
    const { tenant, id: runId, workflow, version, actor } = run;
    if (definition.interceptors.length === 0 && !state?.holds.size) return undefined;
    return new Interceptors(host, definition.interceptors, { tenant, runId, workflow, version, actor }, graph);
  }

  async beforeStep(entry: Entry): Promise<void> {
    const step = this.stepOf(entry);
    await this.each('beforeStep', (one) => one.beforeStep?.(step), noteOf(entry));
  }

  async afterStep(entry: Entry, output: Json, withinMs = Infinity): Promise<Json> {
    const step = this.stepOf(entry);
    let stored = output;
    // A copy: what it does to its own, or comes with when its time is over, is not stored.
    const rewrite = async (one: Interceptor) => {
      const rewritten = await one.afterStep?.(structuredClone(stored), step);
      return rewritten === undefined ? stored : checked(rewritten, step);
    };
    const patienceMs = Math.floor(Math.min(PATIENCE_MS, withinMs / this.types.length));
    await this.each('afterStep', rewrite, noteOf(entry), (rewritten) => (stored = rewritten), patienceMs);
    return stored;
  }

  /**
   * Asks whether the run goes on behind a step. Whoever throws has not said that it does.
   *
   * @returns the facts of those that failed, and then of the answer
   */
  async onStepComplete(hold: Hold, state: RunState): Promise<readonly FactDraft[]> {
    const { path, iteration, attempt, seq } = hold;
    const facts: FactDraft[] = [];
    let type: 'step.passed' | 'run.stopped' = 'step.passed';
    const stop = () => void (type = 'run.stopped');
    const { run, graph, host } = this;
    const step = stepBehind({ run, graph, state, hold, texts: host.checkpoints }, stop);
    const note = noteIn(facts, hold);
    await this.each(
      'onStepComplete',
      (one) => one.onStepComplete?.(step),
      (...failure) => {
        stop();
        note(...failure);
      },
    );
    return [...facts, { type, path, iteration, attempt, payload: { seq } }];
  }

  /** @returns the facts of those that failed */
  async onSignal(signal: InterceptedSignal): Promise<readonly FactDraft[]> {
    const failed: FactDraft[] = [];
    await this.each('onSignal', (one) => one.onSignal?.(structuredClone(signal), this.run), noteIn(failed));
    return failed;
  }

  /** @returns the facts of those that failed */
  async onEnd(end: EndAction): Promise<readonly FactDraft[]> {
    const failed: FactDraft[] = [];
    if (end.status === 'completed')
      await this.each('onComplete', (one) => one.onComplete?.(structuredClone(end.output ?? null), this.run), noteIn(failed));
    if (end.status === 'failed') {
      const { code, message } = end.fault;
      await this.each('onFailure', (one) => one.onFailure?.({ code, message }, this.run), noteIn(failed));
    }
    return failed;
  }

  has(hook: Hook): boolean {
    return this.types.some((type) => this.host.handlers.get(type)[hook] !== undefined);
  }

  private stepOf({ action: { node, iteration, attempt, resumed } }: Entry): InterceptedStep {
    return { ...this.run, stepId: node.id, path: node.path, iteration, attempt, isResumed: resumed !== undefined };
  }

  /** @param take gets what came of a call, when that came in time */
  private async each<T>(
    hook: Hook,
    call: (one: Interceptor) => T | Promise<T>,
    note: (type: string, hook: Hook, error: unknown) => void,
    take: (answer: T) => void = () => undefined,
    patienceMs = PATIENCE_MS,
  ): Promise<void> {
    for (const type of this.types) {
      try {
        take(await this.inTime(async () => call(this.host.handlers.get(type)), patienceMs));
      } catch (error) {
        note(type.name, hook, error);
      }
    }
  }

  private async inTime<T>(call: () => Promise<T>, timeoutMs: number): Promise<T> {
    const alarm = new Alarm(this.host.timers);
    const late = new Promise<never>((_, reject) =>
      alarm.set(timeoutMs, () => reject(new StepwellError('INTERCEPTOR_TIMED_OUT', { timeoutMs }))),
    );
    try {
      return await Promise.race([call(), late]);
    } finally {
      alarm.clear();
    }
  }
}

function noteOf(entry: Entry) {
  const { node, iteration, attempt } = entry.action;
  const at = { path: node.path, iteration, attempt };
  return (interceptor: string, hook: Hook, error: unknown): void =>
    void entry.notes.push(failedInterceptor(at, { interceptor, hook, fault: entry.shield.fault(faultOf(error)) }));
}

function noteIn(failed: FactDraft[], at: Pick<FactDraft, 'path' | 'iteration' | 'attempt'> = AT_RUN) {
  return (interceptor: string, hook: Hook, error: unknown): void =>
    void failed.push(failedInterceptor(at, { interceptor, hook, fault: faultOf(error) }));
}

/** A copy: the interceptor may go on with its object. */
function checked(rewritten: unknown, { stepId }: InterceptedStep): Json {
  const bad = findNonJson(rewritten);
  if (bad) throw new StepwellError('OUTPUT_NOT_JSON', { id: stepId, path: bad.path, reason: bad.reason });
  return JSON.parse(JSON.stringify(rewritten)) as Json;
}
