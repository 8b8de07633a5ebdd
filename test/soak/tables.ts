/** By what a soak judges each table: all tables of the product are in here, and `tables.int-spec.ts` fails when one is not. */

/** Rows go when what they are for is over, or are few and written over again and again: flat, and so are their dead rows. */
export const HOT = ['inbox', 'outbox', 'dispatches', 'event_waits', 'permits', 'notifying', 'workers', 'housekeeping', 'schedules', 'caps', 'installation', 'tenant_shares', 'emitter_cursors', 'api_keys', 'triggers', 'workflow_versions', 'forms'] as const; // prettier-ignore

/** What finished work explains what is kept: of each unit of it there is as much after an hour. */
export type Unit = 'run' | 'run of the load' | 'record' | 'minute';

/**
 * Rows stay until retention drops their month, or for ever. Emitters and schedules go by the clock, so what they leave is not counted by
 * what clients ask for.
 */
export const KEPT = {
  runs: 'run',
  journal: 'run',
  run_keys: 'run',
  blobs: 'run of the load',
  events: 'run of the load',
  event_deliveries: 'run of the load',
  tasks: 'run of the load',
  task_history: 'run of the load',
  decisions: 'run of the load',
  decision_seals: 'run of the load',
  step_keys: 'run of the load',
  emissions: 'record',
  emission_reads: 'record',
  slots: 'minute',
} as const satisfies Readonly<Record<string, Unit>>;

/** What the load never writes, because nobody signs in, uploads, is notified or looks inside; so nothing may come in. */
export const UNTOUCHED = ['retention', 'documents', 'document_chunks', 'notices', 'notice_causes', 'notifications', 'notification_preferences', 'run_sessions', 'run_session_changes', 'sessions', 'users', 'approval_links', 'inbox_views', 'task_comments', 'audit_log', 'migrations'] as const; // prettier-ignore

/** Tables in the same database that are judged by nothing, with the reason. */
export const NOT_JUDGED: Readonly<Record<string, string>> = {
  lease_log:
    'It is not of the product: by it the load counts how many leases there are of one cap, a row for each (test/engine/lease-log.ts).',
};

export const JUDGED: readonly string[] = [...HOT, ...Object.keys(KEPT), ...UNTOUCHED];
