import type { Actor } from '@stepwell/contracts';
import { StepwellError } from '@stepwell/contracts';
import { takeDocuments } from '@stepwell/documents';
import { DEFAULT_QUEUE, type NewRun, startTerms, type WorkflowCatalog } from '@stepwell/engine';
import { documentsIn } from '@stepwell/sdk';
import { type Sql, uuidV7 } from '@stepwell/storage';
import { checkedInput, inputInvalid, refuseKey } from '../checked-input.js';

export interface StartRequest {
  readonly tenant: string;
  readonly workflow: string;
  readonly input: unknown;
  /** A repeat with the same key returns the first run. */
  readonly idempotencyKey?: string | null;
  /** From -10 to 10, higher first; without one it is the workflow's. */
  readonly priority?: number | null;
  /** The session that the run belongs to. */
  readonly session?: string | null;
  readonly actor: Actor | null;
  /** `schedule` for one out of turn; default `api`. */
  readonly startedBy?: 'api' | 'schedule';
}

/**
 * The run of a start from outside, for nobody yet. What a parent, an event or an emitter starts comes from inside the tenant: its references
 * are taken as they are.
 *
 * @param sql of the transaction that will insert the run, if there is one: the documents of its input are taken there
 * @throws StepwellError WORKFLOW_NOT_FOUND, WORKFLOW_DEPRECATED, INPUT_INVALID (with the fields)
 */
export async function checkedStart(sql: Sql, catalog: WorkflowCatalog, request: StartRequest): Promise<NewRun> {
  const { tenant, actor, idempotencyKey: key = null, session = null, startedBy = 'api' } = request;
  const id = uuidV7();
  const hosted = catalog.toStart(request.workflow, { id, input: request.input ?? null });
  if (hosted.definition.isDeprecated) throw new StepwellError('WORKFLOW_DEPRECATED', { workflow: request.workflow });
  const { value, text: input } = await checkedInput(hosted, request.input);
  refuseKey(key ?? '');
  // Author code: before anything is locked.
  const terms = startTerms(hosted.definition, value, request.priority ?? undefined);
  const { name: workflow, version, input: type } = hosted.definition;
  const problems = type ? await takeDocuments(sql, tenant, documentsIn(type, value)) : [];
  if (problems.length > 0) throw inputInvalid(problems);
  const about = { startedBy, actor, causeEvent: null, causeRun: null } as const;
  return { tenant, id, workflow, version, queue: DEFAULT_QUEUE, worker: null, ...about, key, session, input, ...terms };
}
