/**
 * After a commit that the database refused as unstorable: which of its facts are the culprits. Values are checked before they come this
 * far, so this is the last net: a value that slips through fails its own step and nothing else, and never loops.
 */
import { type Json, StepwellError } from '@stepwell/contracts';
import type { FactDraft, JournalStore, UnstorableError } from '@stepwell/engine';
import { asJson } from './as-json.js';
import { faultOf } from './faults.js';

/** Facts that handlers brought about; everything else a decision brings about again. */
const OUTCOMES = new Set([
  'step.completed',
  'attempt.failed',
  'attempt.suspended',
  'attempt.started',
  'checkpoint.saved',
  'attempt.discarded',
  'key.held',
  'interceptor.failed',
  'stand-in.failed',
  'effect.unknown',
  'effect.unverified',
]);

/** Nothing follows from them. */
const NOTES = new Set(['attempt.progress', 'attempt.discarded', 'interceptor.failed']);

function isOutcome(draft: FactDraft): boolean {
  return OUTCOMES.has(draft.type);
}

/** @returns what the database has against each culprit */
export async function findUnstorable(store: JournalStore, drafts: readonly FactDraft[]): Promise<ReadonlyMap<FactDraft, string>> {
  const culprits = new Map<FactDraft, string>();
  for (const draft of drafts) {
    const reason = await store.probe(jsonOf(draft), textsOf(draft));
    if (reason !== undefined) culprits.set(draft, reason);
  }
  return culprits;
}

/**
 * Whom to blame when no value stands out by itself (a date out of range, say): all that the run has said since its last commit. Else it
 * would do the same again for ever. Not those that have been blamed before, nor anybody for a missing partition (class 23514).
 */
export function suspectsAmong(drafts: readonly FactDraft[], { cause }: UnstorableError): FactDraft[] {
  if ((cause as { code?: string } | undefined)?.code === '23514') return [];
  return drafts.filter(({ type, payload }) => type !== 'run.ended' && faultCodeOf(payload) !== 'VALUE_NOT_STORABLE');
}

/** What is recorded in a culprit's place: its step has failed for good, or its node could not be evaluated; a mere note is dropped. */
export function inItsPlace(culprit: FactDraft, reason: string): FactDraft | undefined {
  const { type, path, iteration, attempt } = culprit;
  if (NOTES.has(type)) return undefined;
  const id = path.slice(path.lastIndexOf('/') + 1);
  const fault = faultOf(new StepwellError('VALUE_NOT_STORABLE', { id, reason }));
  if (!isOutcome(culprit)) return { type: 'evaluation.failed', path, iteration, attempt: 0, payload: asJson({ fault }) };
  const { startedAt = null } = culprit.payload as { startedAt?: number };
  return { type: 'attempt.failed', path, iteration, attempt, payload: asJson({ fault, startedAt, retryAt: null }) };
}

/**
 * What is recorded again of a commit that was refused.
 *
 * @param reason what the database has against this very fact
 * @param isLost it was rolled back, or comes again with its message
 */
export function whatRemains(draft: FactDraft, reason: string | undefined, isLost: boolean): FactDraft | undefined {
  if (reason !== undefined) return inItsPlace(draft, reason);
  return isOutcome(draft) && !isLost ? draft : undefined;
}

function faultCodeOf(payload: Json): string | undefined {
  return (payload as { fault?: { code?: string } } | null)?.fault?.code;
}

/** Tasks and dispatches go to the database as JSON as a whole, so their texts are looked at as JSON too: the two forms refuse different things. */
function jsonOf({ payload, effects }: FactDraft): string[] {
  const { emitEvents = [], openTask, escalateTask, dispatch } = effects ?? {};
  return [payload, ...emitEvents.map((event) => event.payload), openTask ?? null, escalateTask ?? null, dispatch ?? null].map((value) =>
    JSON.stringify(value),
  );
}

function textsOf({ effects }: FactDraft): string[] {
  return (effects?.emitEvents ?? []).flatMap((event) => [event.name, event.idempotencyKey ?? '']);
}
