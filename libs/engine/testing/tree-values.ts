/** What must come out of the nodes of a tree, as values that can be compared. */
import type { Json } from '@stepwell/contracts';
import {
  cancelBy,
  definitionOf,
  type EscalatedTask,
  type EscalationStep,
  event,
  type ReadContext,
  signal,
  Step,
  type StepContext,
  type StepHandler,
  type StepNode,
  type Undo,
  workflow,
} from '@stepwell/sdk';
import type { Expected } from './tree.js';

class Word {
  word!: string;
}
/** All waits for a signal wait for the same: which of them takes which makes no difference. */
export const SAY = signal('say', Word);
export const SAID = { name: 'say', payload: { word: 'go' } };
/** Cancels a run that listens for it. */
export const GONE = event<unknown>('gone', { external: true });
export const ON_GONE = cancelBy(GONE, () => ({}));

/** Fails once before it finds others. */
@Step({ id: 'ask-around', retry: { attempts: 2, backoff: '10s' } })
class AskAround implements StepHandler<object, unknown, EscalatedTask> {
  run({ attempt }: StepContext<unknown, EscalatedTask>) {
    return attempt === 1 ? fail() : { assign: { assignee: 'third' } };
  }
}

/**
 * Given to others, a handler, and told of. What answers by default needs a class with validators: `libs/testing/escalation.int-spec.ts` has
 * one.
 *
 * @param id of the screen
 */
export function escalating(id: string): readonly EscalationStep[] {
  const params = (ctx: ReadContext): EscalatedTask => ({ taskId: ctx.taskOf(id) ?? fail(), screen: id, title: id, escalated: 2 });
  const [step] = definitionOf(workflow<unknown>('x', { version: 1 }).then(AskAround, { id: `${id}-escalation-2`, params })).nodes;
  const after = { business: null, ms: 3_600_000, isInDays: false, amount: 3_600_000, end: (now: number) => now + 3_600_000 };
  const assignment = { assignee: 'second', candidateUsers: null, candidateGroups: null };
  return [
    { after, what: 'assign', whom: ['second'], assignment: () => assignment },
    { after, what: 'run', segment: 'escalation-2', step: step as StepNode },
    { after, what: 'notify', whom: ['leads'], names: () => ['leads'] },
  ];
}

/** One for all: what is thrown so often costs more than what is tested. */
const FAILURE = new Error('no');

export function fail(): never {
  throw FAILURE;
}

/** Fails once before it works. */
@Step({ id: 'undo', retry: { attempts: 2, backoff: '10s' } })
export class UndoStep implements StepHandler<unknown, unknown, Undo<unknown, unknown>> {
  run({ attempt, params: { output } }: Pick<StepContext<unknown, Undo>, 'attempt' | 'params'>): unknown {
    return attempt === 1 ? fail() : output;
  }
}
// Jest looks a global up anew wherever it is named: see `chance.ts`.
const { isArray } = Array;

export function outputOf(outcome: Expected): Json {
  return outcome.status === 'completed' ? (outcome.output ?? null) : null;
}

export function settled(outcome: Expected): Json {
  return outcome.status === 'completed' ? { status: 'completed', output: outcome.output ?? null } : { status: 'failed', error: 'some' };
}

/** Ids of events are made up by the run, and which failure is the first depends on the order of things; all else is the same every time. */
export function normal(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map(normal);
  const fields: Record<string, unknown> = {};
  for (const key in value) fields[key] = normalField(key, (value as Record<string, unknown>)[key]);
  return fields;
}

function normalField(key: string, value: unknown): unknown {
  if (key === 'error' || key === 'eventId') return 'some';
  const { name } = (value ?? {}) as { name?: unknown };
  return key === 'event' && typeof name === 'string' ? { of: name.replace(/-came$/, '') } : normal(value);
}
