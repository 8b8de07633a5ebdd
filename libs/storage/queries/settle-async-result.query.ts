/**
 * Takes results that runs wait for: each a message in its run's inbox, as `append-inbox` would write it, unless there was a result before.
 * All in one statement, so that they cost one commit; and who brings one with room to spare gets the run, if it waits, and need not claim it.
 *
 * Locks: the run rows, by id. `settle-async-results`, for many runs, passes over a row that somebody else holds, and says so: whoever holds
 * one run for long keeps nobody else's result waiting, and nobody waits who holds anything. `settle-async-result`, for one run, waits for it.
 * "Settled before" is read from the journal in the snapshot of the statement, which may be older than the lock; so the run's last_seq is read
 * in both. When they are the same the journal of the snapshot is whole, and cannot change under the lock; when they differ nothing is
 * written, and the caller asks again. The inbox needs no such care: a conflict of keys is found whatever the snapshot.
 * A run is taken as `claim-runs` takes it, and under the same conditions; its journal is read by a later statement.
 */
import type { Json } from '@stepwell/contracts';
import type { Claimant, ClaimedRun, InboxRow } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export interface AsyncResultMessage {
  readonly tenant: string;
  readonly runId: string;
  /** Of the async result; unique in the run. */
  readonly id: string;
  /** JSON text. */
  readonly payload: string;
}

/** A result, and who takes its run. */
export interface Settling {
  readonly message: AsyncResultMessage;
  /** Null when nobody here has room. */
  readonly claimant: Claimant | null;
}

export type SettleOutcome =
  /** `claimed` when the claimant has the run now, with the message; else `queue` is where to send the wake-up. */
  | {
      readonly kind: 'accepted';
      readonly queue: string;
      readonly claimed: { readonly run: ClaimedRun; readonly message: InboxRow } | undefined;
    }
  | { readonly kind: 'settled-before' }
  | { readonly kind: 'no-live-run' };

/** Nothing was written: somebody held the run, or has just written to its journal. */
export interface Busy {
  readonly kind: 'busy';
}

const KIND = 'async-result.settled';

/** What is told of a run. */
const RUN = ['tenant', 'id', 'workflow', 'version', 'queue', 'epoch', 'attention', 'last_seq', 'lineage_root', 'actor', 'parent_run'];
const of = (table: string): string => RUN.map((column) => `${table}.${column}`).join(', ');

/**
 * Runs and facts are looked up one by one (LATERAL, kept apart by OFFSET 0 and LIMIT), for the reason that the flush gives. What was accepted
 * finds its run by hashing (FULL JOIN, kept apart by OFFSET 0; each has one): a plan that supposes one run goes through all runs for each.
 */
const settle = (ofHeld: 'SKIP LOCKED' | '') => `
WITH wanted AS MATERIALIZED (
  SELECT w.*, seen.last_seq AS seen_seq
  FROM jsonb_to_recordset($1::jsonb) AS w(place int, tenant text, run_id uuid, result text, payload jsonb, takes bool)
  LEFT JOIN LATERAL (
    SELECT r.last_seq FROM runs r WHERE r.tenant = w.tenant AND r.id = w.run_id AND r.status NOT IN ('completed', 'failed', 'canceled')
    OFFSET 0) AS seen ON true),
locked AS MATERIALIZED (
  SELECT w.*, l.last_seq = w.seen_seq AS is_whole, l.is_free AND w.takes AS is_taken
  FROM (SELECT * FROM wanted WHERE seen_seq IS NOT NULL ORDER BY run_id) AS w
  CROSS JOIN LATERAL (
    SELECT r.last_seq, r.status = 'waiting' AND r.permit_key IS NULL AND r.queue = ANY($3::text[]) AND r.needs = ANY($4::text[]) AS is_free
    FROM runs r WHERE r.tenant = w.tenant AND r.id = w.run_id AND r.status NOT IN ('completed', 'failed', 'canceled')
    FOR NO KEY UPDATE ${ofHeld}) AS l),
target AS MATERIALIZED (
  SELECT l.*, (
    SELECT j.seq FROM journal j
    WHERE j.tenant = l.tenant AND j.run_id = l.run_id AND j.type = '${KIND}' AND coalesce(j.payload, (
      SELECT b.data FROM blobs b WHERE b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob)) ->> 'id' = l.result
    LIMIT 1) IS NOT NULL AS is_settled
  FROM locked l),
appended AS (
  INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload)
  SELECT tenant, run_id, '${KIND}', 'async-result:' || result, payload FROM target WHERE is_whole AND NOT is_settled ORDER BY place
  ON CONFLICT (tenant, run_id, dedupe_key) DO NOTHING
  RETURNING tenant, run_id, dedupe_key, id),
accepted AS MATERIALIZED (
  SELECT t.tenant, t.run_id, t.place, t.is_taken, a.id
  FROM appended a JOIN target t ON t.tenant = a.tenant AND t.run_id = a.run_id AND 'async-result:' || t.result = a.dedupe_key),
told AS (
  UPDATE runs r SET
    attention = r.attention + a.messages,
    status = CASE WHEN a.is_taken THEN 'running' WHEN r.status = 'waiting' THEN 'queued' ELSE r.status END,
    worker = CASE WHEN a.is_taken THEN $2::uuid ELSE r.worker END,
    epoch = CASE WHEN a.is_taken THEN r.epoch + 1 ELSE r.epoch END,
    due_at = CASE WHEN a.is_taken THEN NULL ELSE r.due_at END,
    wait_reasons = CASE WHEN a.is_taken THEN '{}' ELSE r.wait_reasons END
  FROM (SELECT tenant, run_id, count(*)::int AS messages, bool_or(is_taken) AS is_taken FROM accepted GROUP BY tenant, run_id) AS a
  WHERE r.tenant = a.tenant AND r.id = a.run_id
  RETURNING ${of('r')})
SELECT w.place, w.seen_seq IS NULL AS is_gone, t.is_whole, a.is_taken, a.message, ${of('a')}
FROM wanted w
LEFT JOIN target t ON t.place = w.place
LEFT JOIN (
  SELECT a.place, a.is_taken, a.id AS message, ${of('told')} FROM accepted a FULL JOIN told ON told.tenant = a.tenant AND told.id = a.run_id
  OFFSET 0) AS a ON a.place = w.place`;

/** Of one run; waits for it. */
export const SETTLE_ASYNC_RESULT = statement('settle-async-result', settle(''));
/** Of many runs; passes over those that somebody holds. */
export const SETTLE_ASYNC_RESULTS = statement('settle-async-results', settle('SKIP LOCKED'));

/** Settles once; the caller sends the wake-up, or goes on with the claimed run. */
export async function settleAsyncResult(sql: Sql, message: AsyncResultMessage, claimant: Claimant | null): Promise<SettleOutcome> {
  for (;;) {
    const [row] = await sql.query<SettledRow>(SETTLE_ASYNC_RESULT, valuesOf([{ message, claimant }]));
    // By the next snapshot it is seen that the run has ended, or what its owner has just written.
    if (row && (row.is_gone || row.is_whole)) return outcomeOf(row, message) as SettleOutcome;
  }
}

/**
 * As `settleAsyncResult`, for many results at once, each by itself. No two are of one async result.
 *
 * @returns one outcome per result, in their order
 */
export async function settleAsyncResults(sql: Sql, settlings: readonly Settling[]): Promise<(SettleOutcome | Busy)[]> {
  const outcomes = settlings.map((): SettleOutcome | Busy => ({ kind: 'busy' }));
  const rows = await sql.query<SettledRow>(SETTLE_ASYNC_RESULTS, valuesOf(settlings));
  for (const row of rows) outcomes[row.place] = outcomeOf(row, (settlings[row.place] as Settling).message);
  return outcomes;
}

/** All of one process, and so of one claimant; who has another one by now has begun anew, and claims what it finds. */
function valuesOf(settlings: readonly Settling[]): unknown[] {
  const claimant = settlings.find((one) => one.claimant)?.claimant;
  const items = settlings.map(({ message: { tenant, runId, id, payload }, claimant: own }, place) => {
    const takes = own !== null && own.worker === claimant?.worker;
    const item = JSON.stringify({ place, tenant, run_id: runId, result: id, takes });
    // Its text is not written a second time.
    return `${item.slice(0, -1)},"payload":${payload}}`;
  });
  return [`[${items.join(',')}]`, claimant?.worker, claimant?.queues ?? [], claimant?.needs ?? []];
}

function outcomeOf(row: SettledRow, { payload }: AsyncResultMessage): SettleOutcome | Busy {
  const { place: _, is_gone: isGone, is_whole: isWhole, is_taken: isTaken, message: id, ...run } = row;
  if (isGone) return { kind: 'no-live-run' };
  if (!isWhole) return { kind: 'busy' };
  if (run.id === null) return { kind: 'settled-before' };
  if (!isTaken) return { kind: 'accepted', queue: run.queue, claimed: undefined };
  const message = { id, kind: KIND, payload: JSON.parse(payload) as Json };
  return { kind: 'accepted', queue: run.queue, claimed: { run: { ...run, due_at: null }, message } };
}

type SettledRow = {
  readonly place: number;
  readonly is_gone: boolean;
  /** Null when the run could not be locked. */
  readonly is_whole: boolean | null;
  readonly is_taken: boolean | null;
  /** Its id. */
  readonly message: string;
} & ({ readonly id: null } | Omit<ClaimedRun, 'due_at'>);
