/**
 * Dead letters: runs that have failed for good, until something becomes of them. As it is, one is retried: another run goes on where it
 * failed. With another input, one takes its place and begins from the start, with idempotency keys of its own. Or it is dismissed. Each
 * ends the letter, once.
 */
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import type { WakeUpQueue } from '@stepwell/engine';
import {
  type DeadLetterFilter,
  type DeadLetterRow,
  forkRun,
  inTransaction,
  listDeadLetters,
  pgSql,
  readRuns,
  settleLetters,
  type Sql,
} from '@stepwell/storage';
import type pg from 'pg';
import { jsonOrRefuse } from '../checked-input.js';
import { stayInSession } from '../sessions/take-session.js';
import type { RunFork } from './run-fork.js';
import type { RunRetry } from './run-retry.js';

export interface LetterRequest {
  readonly tenant: string;
  readonly actor: Actor | null;
  readonly reason: string | null;
}

export interface Reinjected {
  readonly runId: string;
  /** The run that goes on; null when it was refused. */
  readonly newRunId: string | null;
  readonly refusal: StepwellError | null;
}

/** Each takes over a journal of its own: so many are done within some seconds. */
export const MOST_REINJECTED = 100;
/** One statement locks them all. */
export const MOST_DISMISSED = 1_000;

export class DeadLetters {
  private readonly sql: Sql;

  constructor(
    private readonly pool: pg.Pool,
    private readonly retries: RunRetry,
    private readonly forks: RunFork,
    private readonly wakeUps: WakeUpQueue,
  ) {
    this.sql = pgSql(pool);
  }

  /**
   * @param input in place of the run's; undefined when it stays the same
   * @returns the id of the run that goes on
   * @throws StepwellError RUN_NOT_FOUND, NO_DEAD_LETTER, INPUT_INVALID (with the fields), and what a retry or a fork is refused for
   */
  async reinject(request: LetterRequest & { readonly runId: string; readonly input: unknown }): Promise<string> {
    const { tenant, runId, actor, input } = request;
    const reason = jsonOrRefuse(request.reason, 'reason') as string | null;
    await this.mustBeOpen(tenant, runId);
    if (input === undefined) return this.retries.retry({ tenant, runId, actor, reason });
    const forked = await this.forks.prepare({ tenant, runId, from: null, input, outputs: [], actor, reason });
    const letter = { as: 'reinjected', runId: forked.newId, by: actor as Json, reason } as const;
    const queue = await inTransaction(this.pool, async (sql) => {
      await stayInSession(sql, forked);
      const [settled] = await settleLetters(sql, tenant, [runId], letter);
      return settled === undefined ? undefined : forkRun(sql, forked);
    });
    if (queue === undefined) throw await this.settledMeanwhile(tenant, runId);
    this.wakeUps.wake([queue]);
    return forked.newId;
  }

  /**
   * Retries as many as fit, the last that failed first. One that another's retry takes along is none of its own any more; those that are
   * refused do not keep older ones from their turn.
   *
   * @returns what became of each, of which at most MOST_REINJECTED go on, and at most so many were refused
   */
  async reinjectAll(request: LetterRequest, filter: DeadLetterFilter): Promise<readonly Reinjected[]> {
    const { tenant } = request;
    const [done, refused]: [Reinjected[], Reinjected[]] = [[], []];
    let page: readonly DeadLetterRow[];
    let after: string | null = null;
    do {
      page = await listDeadLetters(this.sql, tenant, { ...filter, limit: MOST_REINJECTED, after });
      for (const { id: runId, place } of page) {
        if (done.length === MOST_REINJECTED || refused.length === MOST_REINJECTED) break;
        after = place;
        try {
          done.push({ runId, newRunId: await this.reinject({ ...request, runId, input: undefined }), refusal: null });
        } catch (error) {
          if (!(error instanceof StepwellError)) throw error;
          if (error.code !== 'NO_DEAD_LETTER') refused.push({ runId, newRunId: null, refusal: error });
        }
      }
    } while (page.length === MOST_REINJECTED && done.length < MOST_REINJECTED && refused.length < MOST_REINJECTED);
    return [...done, ...refused];
  }

  /** @throws StepwellError RUN_NOT_FOUND, NO_DEAD_LETTER */
  async dismiss({ tenant, runId, actor, reason }: LetterRequest & { readonly runId: string }): Promise<void> {
    const [settled] = await settleLetters(this.sql, tenant, [runId], dismissal(actor, reason));
    if (settled === undefined) throw await this.settledMeanwhile(tenant, runId);
  }

  /** @returns how many were dismissed, at most MOST_DISMISSED, the last that failed first */
  async dismissAll({ tenant, actor, reason }: LetterRequest, filter: DeadLetterFilter): Promise<number> {
    const found = await listDeadLetters(this.sql, tenant, { ...filter, limit: MOST_DISMISSED, after: null });
    const ids = found.map(({ id }) => id);
    return (await settleLetters(this.sql, tenant, ids, dismissal(actor, reason))).length;
  }

  private async mustBeOpen(tenant: string, id: string): Promise<void> {
    const run = (await readRuns(this.sql, tenant, [id])).get(id);
    if (!run) throw new StepwellError('RUN_NOT_FOUND', { id });
    const why =
      run.status !== 'failed'
        ? `it is ${run.status}, and has not failed.`
        : run.retriedAs !== null
          ? `run ${run.retriedAs} retries it.`
          : run.letter?.as === 'reinjected'
            ? `run ${run.letter.runId ?? ''} is in its place.`
            : run.letter && 'it was dismissed. Retry it on its page, or fork it.';
    if (why !== null) throw new StepwellError('NO_DEAD_LETTER', { id, reason: why });
  }

  /** What it says is read after it was refused: it may have changed once more. */
  private async settledMeanwhile(tenant: string, id: string): Promise<StepwellError> {
    const refused = await this.mustBeOpen(tenant, id).catch((error: unknown) => error);
    return refused instanceof StepwellError
      ? refused
      : new StepwellError('NO_DEAD_LETTER', { id, reason: 'somebody else has settled it.' });
  }
}

function dismissal(by: Actor | null, reason: string | null) {
  return { as: 'dismissed', runId: null, by: by as Json, reason: jsonOrRefuse(reason, 'reason') as string | null } as const;
}
