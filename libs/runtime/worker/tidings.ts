/**
 * What interceptors are told of the run as a whole: of what was said to it, before the messages of that are consumed, and of its end, when
 * all before it is durable and before it is itself. Behind a step they are asked whether it goes on, likewise. So a process that dies in
 * between has them told again, and never not at all.
 */
import type { Actor } from '@stepwell/contracts';
import { type EndAction, type FactDraft, held, nextToAsk, type RunState } from '@stepwell/engine';
import type { InterceptedSignal } from '@stepwell/sdk';
import type { Interceptors } from './interceptors.js';

export class Tidings {
  private heard: InterceptedSignal[] = [];
  /** Messages that were read; after a refused commit they are read again. */
  private readonly known = new Set<string>();
  private toldEnd: EndAction['status'] | undefined;

  /** Author code is at work. */
  isTelling = false;

  private constructor(
    private readonly interceptors: Interceptors,
    private readonly state: RunState,
    private readonly record: (fact: FactDraft) => void,
  ) {}

  /** @param record takes what they have answered, and the facts of those that failed */
  static of(interceptors: Interceptors | undefined, state: RunState, record: (fact: FactDraft) => void): Tidings | undefined {
    return interceptors && new Tidings(interceptors, state, record);
  }

  /** Somebody is to be asked about each output of a step. */
  get asksBehindSteps(): boolean {
    return this.interceptors.has('onStepComplete');
  }

  hear(message: string, facts: readonly FactDraft[]): void {
    if (this.known.has(message) || !this.interceptors.has('onSignal')) return;
    this.known.add(message);
    for (const fact of facts) this.heard.push(...signalOf(fact));
  }

  get hasSignals(): boolean {
    return this.heard.length > 0;
  }

  async tellSignals(): Promise<true> {
    const { heard } = this;
    this.heard = [];
    for (const signal of heard) await this.tell(() => this.interceptors.onSignal(signal));
    return true;
  }

  /** What is to be told as soon as all that is before it is durable, and before anything goes on. */
  next(end: EndAction | undefined): (() => Promise<true>) | undefined {
    const hold = nextToAsk(this.state);
    if (hold) return () => this.tell(() => this.interceptors.onStepComplete(hold, this.state));
    if (!end || !this.isUntold(end)) return undefined;
    return () => {
      this.toldEnd = end.status;
      return this.tell(() => this.interceptors.onEnd(end));
    };
  }

  private isUntold({ status }: EndAction): boolean {
    const hook = status === 'completed' ? 'onComplete' : status === 'failed' ? 'onFailure' : undefined;
    return hook !== undefined && this.toldEnd !== status && this.interceptors.has(hook);
  }

  private async tell(call: () => Promise<readonly FactDraft[]>): Promise<true> {
    this.isTelling = true;
    const facts = await call();
    this.isTelling = false;
    for (const fact of facts) this.record(fact);
    return true;
  }
}

/** Facts as they are to be recorded: outputs that somebody is to be asked about as such. */
export function marked(facts: readonly FactDraft[], tidings: Tidings | undefined): readonly FactDraft[] {
  return tidings?.asksBehindSteps ? facts.map(held) : facts;
}

const KINDS: Readonly<Record<string, InterceptedSignal['kind']>> = {
  'signal.received': 'signal',
  'cancel.requested': 'cancel',
  'run.paused': 'pause',
  'run.resumed': 'resume',
  'context.updated': 'context',
};

interface Said {
  readonly name?: string;
  readonly payload?: unknown;
  readonly patch?: unknown;
  readonly reason?: string | null;
  readonly by?: Actor | null;
}

function signalOf({ type, payload }: FactDraft): InterceptedSignal[] {
  const kind = KINDS[type];
  if (!kind) return [];
  const said = payload as Said;
  const content = kind === 'signal' ? said.payload : kind === 'context' ? said.patch : said.reason;
  return [{ kind, name: said.name ?? kind, payload: content ?? null, by: said.by ?? null }];
}
