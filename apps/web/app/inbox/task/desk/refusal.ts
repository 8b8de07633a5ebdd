// What the server refused, sorted by what the person at the task can do about it.
import type { FieldProblem } from '../../../form/field-errors.js';
import type { TaskState } from '../task.query.js';
import type { DeskReply } from './desk-api.js';

export interface Refusal {
  /**
   * `fields`: the answer is wrong; `claimed`: somebody holds the task; `closed`: it was decided; `version`: it changed meanwhile;
   * `draft`: another draft was saved meanwhile; `failure`: the call did not get through; `other`: the message says it.
   */
  readonly kind: 'fields' | 'claimed' | 'closed' | 'version' | 'draft' | 'failure' | 'other';
  readonly message: string;
  readonly fields: readonly FieldProblem[];
  readonly by?: string;
  /** `claimed` by somebody to whom the person here has lost it. */
  readonly wasMine?: boolean;
  readonly until?: string;
  /** The task as it is now, where the refusal brought it along. */
  readonly task?: TaskState;
}

export function readRefusal({ errors, failure }: DeskReply): Refusal | undefined {
  if (failure !== undefined) return { kind: 'failure', message: failure, fields: [] };
  const [first] = errors;
  if (!first) return undefined;
  const fields = errors.flatMap(({ path, message }) => (path?.length ? [{ path: withoutEnvelope(path), message }] : []));
  switch (first.__typename) {
    case 'TaskClaimed':
      return { kind: 'claimed', message: first.message, fields: [], by: first.by.name, until: first.until };
    case 'TaskClosed':
      return { kind: 'closed', message: first.message, fields: [], task: first.task };
    case 'VersionConflict':
      return { kind: 'version', message: first.message, fields: [], task: first.task };
    default:
      return { kind: fields.length > 0 ? 'fields' : 'other', message: first.message, fields };
  }
}

/** Paths may start at the mutation's argument; the form knows the answer only. */
function withoutEnvelope(path: readonly string[]): readonly string[] {
  return path[0] === 'answer' && path.length > 1 ? path.slice(1) : path;
}
