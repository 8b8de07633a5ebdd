/** A run as lists and pages show it: the columns of `runs`, without its payloads. */
import type { Actor, QueueReason, RunStatus, WaitReason } from '@stepwell/contracts';
import type { Letter } from '../queries/settle-letters.query.js';

export interface RunRow {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly priority: number;
  readonly status: RunStatus;
  /** Of a waiting run; `capacity` of a queued one whose cap leaves it no place; and `version` of either, when no worker has its version. */
  readonly waitReasons: readonly (WaitReason | QueueReason)[];
  readonly dueAt: Date | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly cancelRequestedAt: Date | null;
  readonly startedBy: 'api' | 'event' | 'schedule' | 'emitter' | 'parent' | 'fork';
  readonly session: string | null;
  readonly actor: Actor | null;
  readonly causeEvent: string | null;
  readonly causeRun: string | null;
  /** Of a failed run, or of the first incident of a waiting one. */
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** The ended run that this one retries. */
  readonly retryOf: string | null;
  /** The run that retries this one. */
  readonly retriedAs: string | null;
  /** Of a failed run: what became of it, when somebody has settled it as a dead letter. */
  readonly letter: Letter | null;
  /** The first run of the line of descent; the run itself, unless it retries another one. */
  readonly lineageRoot: string;
  /** Workers that died with it since it last waited. */
  readonly crashes: number;
  /** The title of the workflow's version; its name when that version was never registered. */
  readonly title: string;
}

/** Others hold all the permits of its cap. Asked for queued runs under a cap only. */
const IS_FULL = `SELECT count(*) FILTER (WHERE p.run_id <> r.id) >= (SELECT c.capacity FROM caps c WHERE c.workflow = r.workflow)
  FROM permits p WHERE p.tenant = r.tenant AND p.workflow = r.workflow AND p.key = r.permit_key`;

/** False when workers of its queue live and none takes runs of its version; null when none lives, or when they are too old to say. */
const IS_HOSTED = `(SELECT bool_or(w.hosts IS NULL OR r.workflow || '@' || r.version = ANY(w.hosts))
  FROM workers w WHERE w.ended_at IS NULL AND w.expires_at > clock_timestamp() AND r.queue = ANY(w.queues))`;

/** For statements over `runs r` with `LEFT JOIN workflow_versions v`. */
export const RUN_COLUMNS = `r.id, r.workflow, r.version, coalesce(r.own_priority, r.priority) AS priority, r.status,
  CASE WHEN r.status = 'waiting' THEN r.wait_reasons WHEN r.status = 'queued' AND r.permit_key IS NOT NULL AND (${IS_FULL}) THEN '{capacity}'::text[] ELSE '{}'::text[] END
  || CASE WHEN r.status IN ('queued', 'waiting', 'paused') AND NOT ${IS_HOSTED} THEN '{version}'::text[] ELSE '{}'::text[] END AS "waitReasons",
  CASE r.status WHEN 'waiting' THEN r.due_at END AS "dueAt", r.created_at AS "createdAt", r.ended_at AS "endedAt",
  r.cancel_requested_at AS "cancelRequestedAt", r.started_by AS "startedBy", r.actor, r.cause_event AS "causeEvent", r.cause_run AS "causeRun",
  CASE WHEN r.status IN ('waiting', 'failed') THEN r.error_code END AS "errorCode",
  CASE WHEN r.status IN ('waiting', 'failed') THEN r.error_message END AS "errorMessage",
  r.retry_of AS "retryOf", r.retried_as AS "retriedAs", r.letter, r.session, r.lineage_root AS "lineageRoot", coalesce(cardinality(r.crashes), 0) AS crashes,
  coalesce(v.title, r.workflow) AS title`;

export const RUN_VERSION = 'LEFT JOIN workflow_versions v ON v.tenant = r.tenant AND v.workflow = r.workflow AND v.version = r.version';
