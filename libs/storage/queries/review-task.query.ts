/**
 * Keeps one of several answers to a task, which stays open: for whoever has not given one, or in dispute for whoever settles it. Who gave
 * it is from then on one whom the task excludes, and so is whoever made the key that it was given with; a claim ends, and the draft goes.
 * Where nobody of those whom it is for is left then, it goes back to those whom it named when it opened; where that helps nobody, the
 * history says so. The answer that decides is written by decide-task.
 *
 * Locks: the task row only, as a claim does: the run is not told. A flush that ends the run closes the task before, or after.
 * Wins: as who decides, on the version that was seen; so of two who answer at once, the second one looks again at what is asked.
 */
import type { Actor, Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { recordsDecision } from './decision-record.js';
import { mayTake } from './may-take.js';
import { ifNobodyIsLeft, nobodyIsLeft } from './nobody-is-left.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

export interface ReviewOfTask {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
  readonly expectedVersion: number;
  readonly answer: Json;
  readonly idempotencyKey: string | null;
  /** Enough equal answers cannot come any more. */
  readonly isDisputed: boolean;
  /** Whom the task is for from then on; null: it stays with its candidates. */
  readonly handsTo: Candidates | null;
  /** Whom it goes back to when nobody of those is left, and somebody of these is; null: it stays. */
  readonly goesBackTo: Candidates | null;
  /** As of a decision. */
  readonly formHash: string | null;
  readonly build: string | null;
  readonly isAgreed: boolean;
}

export interface Candidates {
  readonly users: readonly string[] | null;
  readonly groups: readonly string[] | null;
}

/** The reviews of a row with one more; the parameters are expressions. */
export function withReview(
  source: string,
  { actor, answer, key }: { readonly actor: string; readonly answer: string; readonly key: string },
): string {
  return `jsonb_set(${source}.reviews, '{given}', ${source}.reviews -> 'given' || jsonb_build_object('by', ${actor}, 'at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'answer', ${answer}, 'key', ${key}))`;
}

/** The earlier reviews that whoever answers was shown; null when there is none, or none was shown. */
export function shownReviews(source: string): string {
  return `CASE WHEN (NOT (${source}.reviews ->> 'isBlind')::bool OR (${source}.reviews ->> 'isDisputed')::bool) AND ${source}.reviews -> 'given' <> '[]' THEN ${source}.reviews -> 'given' END`;
}

/** The draft that this person was shown: while answers are blind, nobody is shown one of another. */
export function shownDraft(source: string, actorId: string): string {
  const isOpenToAll = `${source}.reviews IS NULL OR NOT (${source}.reviews ->> 'isBlind')::bool OR (${source}.reviews ->> 'isDisputed')::bool`;
  return `CASE WHEN ${isOpenToAll} OR ${source}.draft_by ->> 'id' = ${actorId} THEN ${source}.draft END`;
}

export const REVIEW_TASK = statement(
  'review-task',
  `WITH before AS MATERIALIZED (
     SELECT id, ${shownDraft('tasks', "$3::jsonb ->> 'id'")} AS last_draft, assignee AS from_assignee, ${shownReviews('tasks')} AS shown,
       NULL::text AS assignee, CASE WHEN $8::bool THEN $9::text[] ELSE candidate_users END AS candidate_users, CASE WHEN $8::bool THEN $10::text[] ELSE candidate_groups END AS candidate_groups,
       coalesce(excluded, '{}') || array_remove(ARRAY[$3::jsonb ->> 'id', maker_of_key($1, $3::jsonb ->> 'id')], NULL) AS excluded
     FROM tasks
     WHERE tenant = $1 AND id = $2 AND version = $4 AND NOT (reviews ->> 'isDisputed')::bool
       AND (status = 'open' OR status = 'claimed' AND (claimed_by ->> 'id' = $3::jsonb ->> 'id' OR claimed_until <= clock_timestamp()))
       AND ${mayTake('tasks', { tenant: '$1', actorId: "$3::jsonb ->> 'id'", isAgreed: '$12::bool' })}
     FOR NO KEY UPDATE),
   asked AS MATERIALIZED (
     SELECT b.id, b.last_draft, b.from_assignee, b.shown, b.excluded, $8::bool OR b.goes_back AS is_handed,
       CASE WHEN b.goes_back THEN first.candidate_users ELSE b.candidate_users END AS candidate_users, CASE WHEN b.goes_back THEN first.candidate_groups ELSE b.candidate_groups END AS candidate_groups
     FROM before, LATERAL (SELECT before.assignee, $15::text[] AS candidate_users, $16::text[] AS candidate_groups, before.excluded) AS first,
       LATERAL (SELECT before.*, $14::bool AND ${nobodyIsLeft('before', '$1')} AND NOT ${nobodyIsLeft('first', '$1')} AS goes_back) AS b),
   reviewed AS (
     UPDATE tasks t
     SET status = 'open', version = t.version + 1, claimed_by = NULL, claimed_until = NULL, draft = NULL, draft_by = NULL, draft_version = t.draft_version + 1,
       reviews = ${withReview('t', { actor: '$3::jsonb', answer: '$5::jsonb', key: '$6::text' })} || jsonb_build_object('isDisputed', $7::bool),
       excluded = a.excluded, assignee = NULL, assigned_for = NULL, candidate_users = a.candidate_users, candidate_groups = a.candidate_groups
     FROM asked a WHERE t.tenant = $1 AND t.id = a.id
     RETURNING ${taskColumns('t')}, a.last_draft, a.from_assignee, a.is_handed, a.shown, clock_timestamp() AS at, new_id() AS entry),
   history AS (
     INSERT INTO task_history (tenant, task_id, id, kind, actor, details)
     SELECT $1, id, entry, 'reviewed', $3::jsonb, nullif(jsonb_strip_nulls(jsonb_build_object('isDisputed', nullif($7::bool, false), 'isNobodyLeft', ${ifNobodyIsLeft('reviewed', '$1')})), '{}') FROM reviewed),
   handed AS (
     INSERT INTO task_history (tenant, task_id, kind, details)
     SELECT $1, id, 'reassigned', jsonb_strip_nulls(jsonb_build_object('from', from_assignee, 'toUsers', candidate_users, 'toGroups', candidate_groups)) FROM reviewed
     WHERE from_assignee IS NOT NULL OR is_handed)${recordsDecision({
       ...{ source: 'reviewed', tenant: '$1', kind: "'reviewed'", actor: '$3::jsonb', at: 'at', answer: '$5::jsonb', shown: 'shown' },
       ...{ form: '$11::text', draft: 'last_draft', build: '$13::text' },
     })},
   known_form AS (
     INSERT INTO forms (tenant, hash, form) SELECT $1, $11::text, form FROM reviewed WHERE $11::text IS NOT NULL ON CONFLICT DO NOTHING)
   SELECT * FROM reviewed`,
);

/** @returns `undefined` when it is no such version, it is decided or in dispute, somebody else holds it, or it is not for this person */
export async function reviewTask(sql: Sql, review: ReviewOfTask): Promise<TaskRecord | undefined> {
  const { tenant, id, actor, expectedVersion, answer, idempotencyKey, isDisputed, handsTo, goesBackTo, formHash, build, isAgreed } = review;
  const [row] = await sql.query<TaskRecord>(REVIEW_TASK, [
    ...[tenant, id, JSON.stringify(actor), expectedVersion, JSON.stringify(answer), idempotencyKey],
    ...[isDisputed, handsTo !== null, handsTo?.users ?? null, handsTo?.groups ?? null, formHash, isAgreed, build],
    ...[goesBackTo !== null, goesBackTo?.users ?? null, goesBackTo?.groups ?? null],
  ]);
  return row;
}
