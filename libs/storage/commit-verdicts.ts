/**
 * Outcomes of deliveries and the runs they start, in one commit (engine rule 6).
 *
 * Lock order within it: deliveries by key, then reserved event keys, then the keys of runs, each sorted. Only deliveries that were won
 * get a run; a key that was used before makes the delivery a duplicate that points to the first run.
 */
import type { ClaimedDelivery, Committed, Decided, DeliveryKey, NewRun } from '@stepwell/engine';
import type pg from 'pg';
import { insertRuns } from './queries/insert-runs.query.js';
import { repointKeys, reserveKeys } from './queries/reserve-keys.query.js';
import { markDuplicates, settleDeliveries } from './queries/settle-deliveries.query.js';
import { inTransaction, type Sql } from './sql.js';

/** Another process that starts with the same key commits within this, unless it is slow; longer, and all other events would wait too. */
const KEY_LOCK_MS = 50;

interface Start {
  readonly delivery: ClaimedDelivery;
  readonly run: NewRun;
  readonly onceKey: string | null;
}

/** @throws an error that `isLockHeld` knows, when another transaction holds a key of theirs for long; then nothing was committed */
export async function commitVerdicts(pool: pg.Pool, decided: readonly Decided[]): Promise<Committed> {
  const work = async (sql: Sql): Promise<Committed> => {
    const won = new Set((await settleDeliveries(sql, decided.map(outcomeOf))).map(keyOf));
    const settled = decided.filter(({ delivery }) => won.has(keyOf(delivery)));
    return { settled, started: await insertStarts(sql, settled.flatMap(startOf)) };
  };
  return inTransaction(pool, work, decided.some(hasKey) ? KEY_LOCK_MS : undefined);
}

async function insertStarts(sql: Sql, starts: readonly Start[]): Promise<NewRun[]> {
  if (starts.length === 0) return [];
  const { free, taken } = await reserve(sql, starts);
  const inserted =
    free.length > 0
      ? await insertRuns(
          sql,
          sortedByKey(free, (start) => start.run.key).map((start) => start.run),
        )
      : new Set<string>();
  const repeated = free.filter((start) => !inserted.has(start.run.id));
  await duplicate(sql, taken, (start) => start.onceKey);
  await duplicate(sql, repeated, (start) => start.run.key);
  const repoint = repeated.filter((start) => start.onceKey !== null);
  if (repoint.length > 0) {
    await repointKeys(
      sql,
      repoint.map(({ run, onceKey }) => ({ tenant: run.tenant, workflow: run.workflow, key: onceKey ?? '', used: run.key ?? '' })),
    );
    // Others of this batch may have lost against the key that has just been pointed elsewhere.
    await duplicate(sql, taken, (start) => start.onceKey);
  }
  return free.filter((start) => inserted.has(start.run.id)).map((start) => start.run);
}

/** Listeners that take each event key once: of several events with one key the oldest is first. */
async function reserve(sql: Sql, starts: readonly Start[]): Promise<{ free: readonly Start[]; taken: readonly Start[] }> {
  const once = sortedByKey(
    starts.filter((start) => start.onceKey !== null),
    (start) => start.onceKey,
  );
  if (once.length === 0) return { free: starts, taken: [] };
  const reserved = await reserveKeys(
    sql,
    once.map(({ run, onceKey }) => ({ tenant: run.tenant, workflow: run.workflow, key: onceKey ?? '', runId: run.id })),
  );
  const isFree = (start: Start) => start.onceKey === null || reserved.has(start.run.id);
  return { free: starts.filter(isFree), taken: starts.filter((start) => !isFree(start)) };
}

async function duplicate(sql: Sql, starts: readonly Start[], keyOfStart: (start: Start) => string | null): Promise<void> {
  if (starts.length === 0) return;
  await markDuplicates(
    sql,
    starts.map((start) => ({ ...start.delivery, key: keyOfStart(start) ?? '' })),
  );
}

function outcomeOf({ delivery, version, verdict }: Decided) {
  const { tenant, event_id, consumer, attempts } = delivery;
  const status = ({ start: 'started', declined: 'declined', failed: 'failed', retry: 'pending' } as const)[verdict.kind];
  return {
    tenant,
    event_id,
    consumer,
    attempts,
    version,
    status,
    delayMs: verdict.kind === 'retry' ? verdict.delayMs : 0,
    runId: verdict.kind === 'start' ? verdict.run.id : null,
    error: 'error' in verdict ? verdict.error : null,
  };
}

function startOf({ delivery, verdict }: Decided): Start[] {
  return verdict.kind === 'start' ? [{ delivery, run: verdict.run, onceKey: verdict.onceKey }] : [];
}

function hasKey({ verdict }: Decided): boolean {
  return verdict.kind === 'start' && (verdict.onceKey !== null || verdict.run.key !== null);
}

function keyOf({ tenant, event_id, consumer }: DeliveryKey): string {
  return `${event_id} ${tenant} ${consumer}`;
}

/** By tenant, workflow and key; among equals the order of the events stays. */
function sortedByKey(starts: readonly Start[], keyOfStart: (start: Start) => string | null): Start[] {
  const text = (start: Start) => `${start.run.tenant} ${start.run.workflow} ${keyOfStart(start) ?? ''}`;
  return [...starts].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}
