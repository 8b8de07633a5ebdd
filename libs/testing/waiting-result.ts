import { type Fact, fold } from '@stepwell/engine';
import { stepMetadata, type Type } from '@stepwell/sdk';

/** A result from outside that a run waits for. */
export interface WaitingResult {
  readonly runId: string;
  readonly id: string;
}

/**
 * @param journals of the runs that may wait
 * @param of the step, by its handler's class or its id
 * @throws Error when not exactly one run waits there, with the steps that wait
 */
export function waitingResult(journals: ReadonlyMap<string, readonly Fact[]>, of: string | Type<object>): WaitingResult {
  const step = typeof of === 'string' ? of : stepMetadata(of)?.id;
  const suspended = [...journals].flatMap(([runId, facts]) =>
    [...fold(facts).nodes.values()].flatMap(({ phase, path, asyncResultId: id }) =>
      phase === 'suspended' && id !== undefined ? [{ runId, path, id }] : [],
    ),
  );
  const waiting = suspended.filter(({ path }) => path.split('/').at(-1) === step);
  const [only] = waiting;
  if (only && waiting.length === 1) return only;
  const places = suspended.map(({ path }) => `"${path}"`).join(', ') || 'none';
  throw new Error(
    `${waiting.length} steps "${step ?? '?'}" wait for a result; name the id of the one you mean. Steps that wait: ${places}.`,
  );
}
