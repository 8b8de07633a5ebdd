/**
 * Deciding a task: complete it with an answer, or cancel it and with it the run. Decided once; the loser is told who won and what was
 * decided; the same request again gets the first result. On a task that several people answer, an answer is first a review: it decides
 * when with it there are enough equal ones (`engine/reviews.ts`), and is kept otherwise. Once in dispute, whoever settles it decides alone.
 */
import { type Actor, findNonJson, isDecidable, type Json, StepwellError } from '@stepwell/contracts';
import { type AfterReview, afterReview } from '@stepwell/engine';
import { validated } from '@stepwell/sdk';
import {
  type DecideOutcome,
  decideTask,
  inTransaction,
  pgSql,
  readTasks,
  type ReviewOfTask,
  reviewTask,
  runStatus,
  type Sql,
  type TaskDecision,
  type TaskRecord,
} from '@stepwell/storage';
import type pg from 'pg';
import { fieldOutcomes } from '../agreement/field-outcomes.js';
import { contentHash } from '../provenance/canonical-hash.js';
import { handsTo } from '../reviews/hands-to.js';
import type { ScreenProvider } from '../screen-provider.port.js';
import { closedOrHeld, taskNotFound, versionConflict } from '../task-refusal.js';
import { checkText } from './checked-text.js';
import { compareAndSet } from './compare-and-set.js';
import type { WhoMay } from './who-may.js';

/** Longer answers belong into a file of their own, with a reference in the answer: drafts of them are saved every few seconds. */
export const MAX_ANSWER_BYTES = 256 * 1024;

export type DecisionRequest = Omit<TaskDecision, 'runId' | 'undoMs' | 'formHash' | 'build' | 'isAgreed' | 'isReview' | 'agreement'>;

export interface DecisionParts {
  readonly pool: pg.Pool;
  readonly screens: ScreenProvider;
  readonly whoMay: WhoMay;
}

export interface Decided {
  readonly task: TaskRecord;
  /** Where to send the wake-up; `undefined` when the run is not told. */
  readonly queue: string | undefined;
  /** False when the same request had come before. */
  readonly isNew: boolean;
}

/** A review that does not decide leaves the task open. */
type Outcome = DecideOutcome | { readonly kind: 'reviewed'; readonly task: TaskRecord };

/** Rolls the transaction back; the outcome is looked into afterwards, outside. */
class NotDecided extends Error {
  constructor(readonly outcome: Outcome) {
    super(outcome.kind);
  }
}

/** @throws TaskRefusal, or StepwellError TASK_NOT_FOUND, RUN_ENDED, ANSWER_INVALID, INPUT_INVALID, SCREEN_NOT_FOUND */
export async function decide({ pool, screens, whoMay }: DecisionParts, request: DecisionRequest): Promise<Decided> {
  const sql = pgSql(pool);
  const [task] = await readTasks(sql, request.tenant, [request.id]);
  if (!task) throw taskNotFound(request.id);
  if (isRepeat(task, request)) return { task, queue: undefined, isNew: false };
  const { verdict, tenant, actor } = request;
  const refusal = refusalOf(task, request) ?? (await whoMay.byRows(tenant, task, actor)) ?? (await whoMay.byAuthor(tenant, task, actor));
  if (refusal) throw refusal;
  const takes =
    verdict.status === 'completed' ? await checkedAnswer(screens, request.tenant, task, verdict.answer) : () => Promise.resolve();
  checkText(verdict.status === 'completed' ? verdict.idempotencyKey : verdict.reason, 'reason or key of the decision');

  const agreement =
    verdict.status === 'completed' && task.suggestion ? { agreement: fieldOutcomes(task.form, task.suggestion, verdict.answer) } : {};
  // The version that was seen is the one that is changed, so what was given until then is what counts.
  const after = afterwards(task, request);
  const decision: TaskDecision = {
    ...{ ...request, runId: task.run_id, undoMs: task.undo_ms },
    ...{ formHash: contentHash(task.form), build: screens.build, isAgreed: true, isReview: after === 'decided' },
    ...agreement,
  };
  const perform = (inner: Sql): Promise<Outcome> =>
    after === undefined || after === 'decided' ? decideTask(inner, decision) : keepReview(inner, task, decision, after);
  let runEnded = false;
  const attempt = async (): Promise<Decided | undefined> => {
    const outcome = await decideOnce(pool, perform, takes);
    runEnded = outcome.kind === 'run-ended';
    if (outcome.kind === 'decided') return { task: outcome.task, queue: outcome.queue, isNew: true };
    if (outcome.kind === 'reviewed') return { task: outcome.task, queue: undefined, isNew: true };
    const [now] = await readTasks(sql, request.tenant, [request.id]);
    return now && isRepeat(now, request) ? { task: now, queue: undefined, isNew: false } : undefined;
  };
  return compareAndSet(sql, request, attempt, async (now) => {
    const why = refusalOf(now, request) ?? (await whoMay.byRows(tenant, now, actor));
    if (why || !runEnded) return why;
    return new StepwellError('RUN_ENDED', { id: task.run_id, status: await runStatus(sql, request.tenant, task.run_id) });
  });
}

/** @returns what becomes of a task that several people answer; `undefined` when whoever answers decides */
function afterwards({ reviews }: TaskRecord, { verdict }: DecisionRequest): AfterReview | undefined {
  if (!reviews || reviews.isDisputed || verdict.status !== 'completed') return undefined;
  return afterReview(reviews, reviews.given.map(({ answer }) => answer), verdict.answer); // prettier-ignore
}

async function keepReview(sql: Sql, task: TaskRecord, { verdict, ...review }: TaskDecision, after: AfterReview): Promise<Outcome> {
  if (verdict.status !== 'completed') return { kind: 'lost' };
  const { answer, idempotencyKey } = verdict;
  const isDisputed = after === 'disputed';
  const { reviews, assignee, candidate_users: users, candidate_groups: groups } = task;
  const hands = { handsTo: handsTo(reviews, { assignee, users, groups }, isDisputed), goesBackTo: goesBackTo(task, isDisputed) };
  const reviewed = await reviewTask(sql, { ...review, answer, idempotencyKey, isDisputed, ...hands });
  return reviewed ? { kind: 'reviewed', task: reviewed } : { kind: 'lost' };
}

/** Whom the task named when it opened: when nobody is left of those whom it names now. Who settles a dispute is said by the screen alone. */
function goesBackTo({ reviews }: TaskRecord, isDisputed: boolean): ReviewOfTask['goesBackTo'] {
  return reviews && !(isDisputed && reviews.settledBy) ? { users: reviews.users, groups: reviews.groups } : null;
}

async function decideOnce(pool: pg.Pool, perform: (sql: Sql) => Promise<Outcome>, takes: (sql: Sql) => Promise<void>): Promise<Outcome> {
  try {
    return await inTransaction(pool, async (sql) => {
      await takes(sql);
      const outcome = await perform(sql);
      if (outcome.kind !== 'decided' && outcome.kind !== 'reviewed') throw new NotDecided(outcome);
      return outcome;
    });
  } catch (error) {
    if (error instanceof NotDecided) return error.outcome;
    throw error;
  }
}

/** The very request that decided the task, or gave a review, once more: by the same person, with the same key. */
function isRepeat({ status, idempotency_key: key, decided_by: by, reviews }: TaskRecord, { actor, verdict }: DecisionRequest): boolean {
  if (verdict.status !== 'completed' || verdict.idempotencyKey === null) return false;
  const isIts = (key: string | null, by: Actor | null): boolean => key === verdict.idempotencyKey && by?.id === actor.id;
  return (status === 'completed' && isIts(key, by)) || (reviews?.given.some((review) => isIts(review.key, review.by)) ?? false);
}

function refusalOf(task: TaskRecord, { actor, expectedVersion }: DecisionRequest): StepwellError | undefined {
  const refusal = closedOrHeld(task, actor);
  if (refusal || !isDecidable(task.status)) return refusal;
  return task.version === expectedVersion ? undefined : versionConflict(task, expectedVersion, task.version);
}

/** @returns takes the documents of the answer, within the transaction that decides */
async function checkedAnswer(
  screens: ScreenProvider,
  tenant: string,
  task: TaskRecord,
  answer: Json,
): Promise<(sql: Sql) => Promise<void>> {
  const type = screens.answerClassOf(task.workflow, task.path, task.screen);
  if (!type) throw new StepwellError('SCREEN_NOT_FOUND', { screen: task.screen, workflow: task.workflow });
  const bad = findNonJson(answer);
  if (bad) throw new StepwellError('ANSWER_INVALID', {}, { fields: [{ path: bad.path.replace(/^\$\.?/, ''), message: bad.reason }] });
  if (Buffer.byteLength(JSON.stringify(answer)) > MAX_ANSWER_BYTES) {
    throw new StepwellError(
      'ANSWER_INVALID',
      {},
      { fields: [{ path: '', message: `the answer is larger than ${MAX_ANSWER_BYTES} bytes; shorten it` }] },
    );
  }
  const checked = await validated(type, answer);
  if (!checked.ok) throw new StepwellError('ANSWER_INVALID', {}, { fields: checked.fields });
  return async (sql) => {
    const fields = await screens.takeDocuments(sql, tenant, type, answer);
    if (fields.length > 0) throw new StepwellError('ANSWER_INVALID', {}, { fields });
  };
}
