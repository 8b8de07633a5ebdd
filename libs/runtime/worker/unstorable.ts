/**
 * After a commit that the database refused as unstorable: which of its facts are the culprits. Values are checked before they come this
 * far, so this is the last net: a value that slips through fails its own step and nothing else, and never loops.
 */
import { StepwellError } from '@stepwell/contracts';
import type { FactDraft } from '@stepwell/engine';
import { probeValues, type Sql } from '@stepwell/storage';
import { asJson } from './as-json.js';
import { faultOf } from './faults.js';

/** Facts that handlers brought about; everything else a decision brings about again. */
const OUTCOMES = new Set(['step.completed', 'attempt.failed', 'attempt.suspended', 'attempt.started', 'attempt.discarded']);

export function isOutcome(draft: FactDraft): boolean {
  return OUTCOMES.has(draft.type);
}

/** @returns what the database has against each culprit */
export async function findUnstorable(sql: Sql, drafts: readonly FactDraft[]): Promise<ReadonlyMap<FactDraft, string>> {
  const culprits = new Map<FactDraft, string>();
  for (const draft of drafts) {
    const reason = await probeValues(sql, jsonOf(draft), textsOf(draft));
    if (reason !== undefined) culprits.set(draft, reason);
  }
  return culprits;
}

/** What is recorded in a culprit's place: its step has failed for good, or its node could not be evaluated; a mere note is dropped. */
export function inItsPlace(culprit: FactDraft, reason: string): FactDraft | undefined {
  const { type, path, iteration, attempt } = culprit;
  if (type === 'attempt.progress' || type === 'attempt.discarded') return undefined;
  const id = path.slice(path.lastIndexOf('/') + 1);
  const fault = faultOf(new StepwellError('VALUE_NOT_STORABLE', { id, reason }));
  if (!isOutcome(culprit)) return { type: 'evaluation.failed', path, iteration, attempt: 0, payload: asJson({ fault }) };
  const { startedAt = null } = culprit.payload as { startedAt?: number };
  return { type: 'attempt.failed', path, iteration, attempt, payload: asJson({ fault, startedAt, retryAt: null }) };
}

function jsonOf({ payload, effects }: FactDraft): string[] {
  const events = effects?.emitEvents ?? [];
  const task = effects?.openTask;
  return [payload, ...events.map((event) => event.payload), ...(task ? [task.props, task.form] : [])].map((value) => JSON.stringify(value));
}

function textsOf({ effects }: FactDraft): string[] {
  const events = effects?.emitEvents ?? [];
  const task = effects?.openTask;
  return [
    ...events.flatMap((event) => [event.name, event.idempotencyKey ?? '']),
    ...(task ? [task.title, task.subject, task.instructions ?? '', task.screen] : []),
    effects?.dispatch?.queue ?? '',
  ];
}
