/**
 * The spans of one run, as far as one activation writes its journal: a span is what a fact says of something that is over, and is written
 * when the fact is durable. So a zombie writes none, and one of a step on another queue comes from the run's owner, as its fact does.
 */
import type { Json } from '@stepwell/contracts';
import {
  CHECKPOINT_FACTS,
  type ClaimedRun,
  type Clock,
  type FactDraft,
  type HostedWorkflow,
  type RunCommit,
  type RunState,
} from '@stepwell/engine';
import type { ActivationHost } from '../worker/host.js';
import { entryKeyOf, eventSpanOf, spanOf, timeOf } from './span-ids.js';
import type { SpanDraft, SpanLink, SpanRef, Tracing } from './tracing.js';

/** What can be said of a span before its fact is durable. */
interface Stretch {
  readonly key: string;
  readonly startedAt: number;
  readonly kind?: SpanDraft['kind'];
  readonly attributes: SpanDraft['attributes'];
  readonly links?: readonly SpanLink[];
  readonly error?: string | undefined;
}

interface Noted extends Stretch, SpanRef {
  readonly endedAt: number;
}

/** @returns undefined when the fact ends nothing that a span is for */
type Reader = (draft: FactDraft, state: RunState) => Stretch | undefined;

interface EntryPayload {
  readonly startedAt?: number | null;
  readonly fault?: { readonly code: string };
  readonly standIn?: string;
  readonly substitute?: string;
  readonly isVerified?: boolean;
  readonly reused?: string;
}

/** What became of one entry of a handler, an attempt or a part of it. */
const entry =
  (outcome: string): Reader =>
  (draft, state) => {
    const { startedAt, fault, reused, isVerified, ...payload } = draft.payload as EntryPayload;
    if (!startedAt) return undefined;
    const standIn = payload.standIn ?? payload.substitute ?? (isVerified ? 'verify' : undefined);
    const suspended = state.nodes.get(draft.path, draft.iteration)?.suspendedIn;
    return {
      key: entryKeyOf(state, draft, standIn),
      startedAt,
      attributes: {
        'stepwell.step.attempt': draft.attempt,
        'stepwell.step.resumed': standIn === undefined && suspended?.attempt === draft.attempt,
        'stepwell.step.outcome': reused === undefined ? outcome : 'reused',
        ...(standIn === undefined ? {} : { 'stepwell.step.stand_in': standIn }),
      },
      error: fault?.code,
    };
  };

const READERS: Readonly<Record<string, Reader>> = {
  'step.completed': entry('completed'),
  'attempt.failed': entry('failed'),
  'attempt.suspended': entry('suspended'),
  'effect.unknown': entry('unknown'),
  'stand-in.failed': entry('failed'),
  'batch.emitted': entry('completed'),

  'task.completed': ({ payload }) => {
    const { taskId } = payload as { taskId: string };
    return { key: `task ${taskId}`, startedAt: timeOf(taskId), attributes: { 'stepwell.task.id': taskId } };
  },

  'event.consumed': ({ path, iteration, payload }, state) => {
    const { waitId, arrivals } = state.nodes.get(path, iteration) ?? {};
    const event = arrivals?.find(({ id }) => id === (payload as { eventId: string }).eventId);
    if (waitId === undefined || !event) return undefined;
    return {
      ...{ key: `wait ${waitId}`, startedAt: timeOf(waitId), kind: 'consumer' },
      attributes: { 'stepwell.event.id': event.id, 'stepwell.event.name': event.name },
      links: event.runId === null ? [] : [{ ...eventSpanOf(event.runId, event.id), reason: 'event' }],
    };
  },

  'child.ended': ({ payload }) => {
    const { childId, fault } = payload as { childId: string; fault?: { readonly code: string } };
    return {
      ...{ key: `child ${childId}`, startedAt: timeOf(childId), attributes: { 'stepwell.child.run.id': childId } },
      ...{ links: [{ ...spanOf(childId, ''), reason: 'child' }], error: fault?.code },
    };
  },
};

export class RunSpans {
  private readonly noted = new WeakMap<FactDraft, Noted>();

  private constructor(
    private readonly tracing: Tracing,
    private readonly clock: Clock,
    private readonly run: ClaimedRun,
    private readonly hosted: HostedWorkflow,
  ) {}

  /** @returns undefined when nobody asks for spans */
  static of({ tracing, clock }: Pick<ActivationHost, 'tracing' | 'clock'>, run: ClaimedRun, hosted: HostedWorkflow): RunSpans | undefined {
    return tracing && new RunSpans(tracing, clock, run, hosted);
  }

  /** A fact is about to change the state. */
  note(draft: FactDraft, state: RunState): void {
    const stretch = READERS[draft.type]?.(draft, state);
    // Runs of items are too many for the trace of one run: theirs lead here.
    if (!stretch || (draft.type === 'child.ended' && this.kindOf(draft.path) !== 'sub-workflow')) return;
    this.noted.set(draft, { ...stretch, ...spanOf(this.run.id, stretch.key), endedAt: this.clock.now() });
  }

  /** @param drafts those that were to be committed, and as far as they were, its facts */
  committed(drafts: readonly FactDraft[], { lastSeq, facts }: RunCommit): void {
    for (const [index, draft] of drafts.slice(0, facts.length).entries()) {
      const noted = this.noted.get(draft);
      if (noted) this.write(draft, noted, lastSeq + 1 + index);
      for (const { id, name } of draft.effects?.emitEvents ?? []) {
        const parentId = (noted ?? spanOf(this.run.id, '')).spanId;
        const at = { ...eventSpanOf(this.run.id, id), parentId, startedAt: timeOf(id), endedAt: timeOf(id) };
        const attributes = { ...this.about, 'stepwell.event.id': id, 'stepwell.event.name': name };
        this.tracing.write({ ...at, name: `emit ${name}`, kind: 'producer', attributes, links: [], error: undefined });
      }
      if (draft.type === 'run.ended') this.writeEnd(draft.payload);
    }
  }

  private write({ type, path, iteration }: FactDraft, { attributes, ...noted }: Noted, seq: number): void {
    const { id = path } = this.hosted.graph.byPath.get(path) ?? {};
    this.tracing.write({
      ...{ kind: 'internal', links: [], error: undefined, ...noted },
      name: id,
      parentId: spanOf(this.run.id, '').spanId,
      attributes: {
        ...this.about,
        'stepwell.step.id': id,
        'stepwell.step.path': path,
        ...(iteration === '' ? {} : { 'stepwell.step.iteration': iteration }),
        ...(CHECKPOINT_FACTS.includes(type) ? { 'stepwell.checkpoint.id': seq } : {}),
        ...attributes,
      },
    });
  }

  private writeEnd(payload: Json): void {
    const { status, fault } = payload as { status: string; fault?: { readonly code: string } };
    const { id, workflow } = this.run;
    const at = { ...spanOf(id, ''), parentId: undefined, startedAt: timeOf(id), endedAt: this.clock.now() };
    const attributes = { ...this.about, 'stepwell.run.status': status };
    this.tracing.writeRun({ ...at, name: workflow, kind: 'internal', attributes, links: [], error: fault?.code }, this.run);
  }

  private get about(): SpanDraft['attributes'] {
    const { tenant, id, workflow, version } = this.run;
    return { 'stepwell.tenant': tenant, 'stepwell.workflow.id': workflow, 'stepwell.workflow.version': version, 'stepwell.run.id': id };
  }

  private kindOf(path: string): string | undefined {
    return this.hosted.graph.byPath.get(path)?.definition.kind;
  }
}
