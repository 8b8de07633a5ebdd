/**
 * One pass of the retention: looks at each month that is older, decides, and does it; what was decided stands in `retention`, for
 * operators. A month is dropped a day after it was first found old, at the earliest: a clock that is wrong for some hours destroys
 * nothing, and a log line comes before the loss.
 */
import type pg from 'pg';
import { type AtStep, clearMonth } from './clear-month.js';
import { type Month, monthsBefore, MOST_STRAGGLERS, type Survey, survey } from './months.js';
import { type PartName, PARTS } from './parts.js';

const DAY_MS = 86_400_000;

/**
 * - noticed: found old; dropped by a pass a day later
 * - waiting: too much of it has to stay
 * - busy: the tables were used without a pause; the next pass comes soon
 * - reduced: dropped but for what has to stay
 */
export type RetentionState = 'noticed' | 'waiting' | 'busy' | 'reduced' | 'dropped';

export interface Decision {
  readonly part: PartName;
  /** `2026-01`. */
  readonly month: string;
  readonly state: RetentionState;
  /** Rows of the leading table, and those that have to stay. */
  readonly total: number;
  readonly kept: number;
  /** In words. */
  readonly reason: string;
  /** Not what was decided the time before. */
  readonly isNews: boolean;
}

export interface RetentionRequest {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Runs stay for so many milliseconds after their end. */
  readonly keepMs: number;
  /** Ends the pass between two months. */
  readonly signal?: AbortSignal;
}

export async function applyRetention(pool: pg.Pool, request: RetentionRequest, atStep?: AtStep): Promise<Decision[]> {
  const decisions: Decision[] = [];
  for await (const { month, found } of oldMonths(pool, request)) {
    const state = await treat(pool, month, found, request, atStep);
    const reason = reasonOf(state, month, found);
    const { total, kept } = found;
    const isNews = await writeDown(pool, month, { state, total, kept, reason }, request.now);
    decisions.push({ part: month.part.name, month: month.name, state, total, kept, reason, isNews });
  }
  return decisions;
}

/** Oldest first in each part. The month before this one stays in any case: its partitions would be made anew. */
async function* oldMonths(pool: pg.Pool, { now, keepMs, signal }: RetentionRequest): AsyncGenerator<{ month: Month; found: Survey }> {
  const today = new Date(now);
  const before = new Date(Math.min(now - keepMs, Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1)));
  for (const part of PARTS) {
    for (const month of await monthsBefore(pool, part, before)) {
      signal?.throwIfAborted();
      yield { month, found: await survey(pool, month, new Date(now - keepMs)) };
    }
  }
}

async function treat(
  pool: pg.Pool,
  month: Month,
  found: Survey,
  { now }: RetentionRequest,
  atStep: AtStep | undefined,
): Promise<RetentionState> {
  if (mustWait(found)) return 'waiting';
  if ((await noticedAt(pool, month, now)) > now - DAY_MS) return 'noticed';
  return (await clearMonth(pool, month, found.keys, atStep)).kind;
}

/** Moving is worth it when it frees at least half. */
function mustWait({ total, kept }: Survey): boolean {
  return kept > MOST_STRAGGLERS || kept * 2 > total;
}

function reasonOf(state: RetentionState, { part, name }: Month, { total, kept, counts }: Survey): string {
  const rows = part.tables[0]?.name.replace('_', ' ') ?? '';
  const number = (count: number): string => count.toLocaleString('en');
  const staying = counts.filter(({ count }) => count > 0).map(({ says, count }) => `${number(count)} ${says}`);
  const of = `of its ${number(total)} rows of ${rows}, ${staying.length > 0 ? staying.join(', ') : 'none has to stay'}`;
  switch (state) {
    case 'waiting':
      return `${part.name} of ${name} wait: ${of}; ${kept > MOST_STRAGGLERS ? `at most ${number(MOST_STRAGGLERS)} are moved` : 'moving them would free less than half'}`;
    case 'noticed':
      return `${part.name} of ${name} are old enough to be dropped, in a day at the earliest: ${of}`;
    case 'busy':
      return `${part.name} of ${name} could not be dropped, because the tables were in use without a pause; that is tried again: ${of}`;
    case 'reduced':
      return `${part.name} of ${name} are dropped, but for what has to stay: ${of}`;
    case 'dropped':
      return `${part.name} of ${name} are dropped: ${of}`;
  }
}

async function noticedAt(pool: pg.Pool, { part, name }: Month, now: number): Promise<number> {
  const { rows } = await pool.query<{ noticed_at: Date }>(
    `/* retention-notice */ INSERT INTO retention AS r (part, month, noticed_at, state, total, kept, reason, decided_at)
     VALUES ($1, $2::date, $3, 'noticed', 0, 0, '', $3)
     ON CONFLICT (part, month) DO UPDATE
     SET noticed_at = CASE WHEN r.state = 'dropped' OR r.noticed_at > excluded.noticed_at THEN excluded.noticed_at ELSE r.noticed_at END
     RETURNING noticed_at`,
    [part.name, `${name}-01`, new Date(now)],
  );
  return rows[0]?.noticed_at.getTime() ?? now;
}

async function writeDown(
  pool: pg.Pool,
  { part, name }: Month,
  { state, total, kept, reason }: Omit<Decision, 'part' | 'month' | 'isNews'>,
  now: number,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `/* retention-decision */ WITH before AS (SELECT state, reason FROM retention WHERE part = $1 AND month = $2::date),
     written AS (
       INSERT INTO retention (part, month, noticed_at, state, total, kept, reason, decided_at)
       VALUES ($1, $2::date, $3, $4, $5, $6, $7, $3)
       ON CONFLICT (part, month) DO UPDATE SET state = excluded.state, total = excluded.total, kept = excluded.kept, reason = excluded.reason,
         decided_at = excluded.decided_at)
     SELECT WHERE NOT EXISTS (SELECT FROM before WHERE state = $4 AND reason = $7)`,
    [part.name, `${name}-01`, new Date(now), state, total, kept, reason],
  );
  return rowCount === 1;
}
