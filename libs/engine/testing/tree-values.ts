/** What must come out of the nodes of a tree, as values that can be compared. */
import type { Json } from '@stepwell/contracts';
import { Step, type StepContext, type StepHandler, type Undo } from '@stepwell/sdk';
import type { Expected } from './tree.js';

export function fail(): never {
  throw new Error('no');
}

/** Fails once before it works. */
@Step({ id: 'undo', retry: { attempts: 2, backoff: '10s' } })
export class UndoStep implements StepHandler<unknown, unknown, Undo<unknown, unknown>> {
  run({ attempt, params: { output } }: Pick<StepContext<unknown, Undo>, 'attempt' | 'params'>): unknown {
    return attempt === 1 ? fail() : output;
  }
}

export function outputOf(outcome: Expected): Json {
  return outcome.status === 'completed' ? (outcome.output ?? null) : null;
}

export function settled(outcome: Expected): Json {
  return outcome.status === 'completed' ? { status: 'completed', output: outcome.output ?? null } : { status: 'failed', error: 'some' };
}

/** Ids of events are made up by the run, and which failure is the first depends on the order of things; all else is the same every time. */
export function normal(value: unknown): unknown {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value, (key, inner: unknown) => (key === 'error' ? 'some' : inner)).replaceAll(
    /"eventId":"[^"]*"/g,
    '"eventId":"some"',
  );
  return JSON.parse(text.replaceAll(/"event":\{"id":"[^"]*","name":"([^"]*)-came"[^}]*\{[^}]*\}[^}]*\}/g, '"event":{"of":"$1"}'));
}
