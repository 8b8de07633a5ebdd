/** Sessions: containers of a tenant's, for runs that belong together and share data. */
import { type Actor, StepwellError } from '@stepwell/contracts';
import type { SessionRef } from '@stepwell/engine';
import { parseDuration } from '@stepwell/sdk';
import {
  completeSession,
  countSessionRuns,
  findSessions,
  listSessions,
  liveRunsOfSession,
  openSession,
  pgSql,
  type RunSessionRow,
  type SessionListRequest,
  type SessionRuns,
  setSessionStatus,
  type Sql,
} from '@stepwell/storage';
import type pg from 'pg';
import { jsonOrRefuse, refuseTooLarge } from '../checked-input.js';
import type { RunService } from '../runs/run.service.js';

export interface OpenRequest extends SessionRef {
  readonly data: unknown;
  /** For how long it takes new runs: `15m` or ISO 8601; null for ever. */
  readonly ttl: string | null;
  readonly actor: Actor | null;
}

export interface CompleteRequest extends SessionRef {
  /** Also cancels its runs that have not ended. */
  readonly cancelRuns: boolean;
  readonly actor: Actor | null;
  readonly reason: string | null;
}

const NAME = /^[\w.:@/-]{1,200}$/;
/** Each cancel is a statement; meanwhile others get their turn. */
const LOT = 500;
const LOWEST = '00000000-0000-0000-0000-000000000000';

export class RunSessions {
  private readonly sql: Sql;

  constructor(
    pool: pg.Pool,
    private readonly runs: RunService,
  ) {
    this.sql = pgSql(pool);
  }

  /** @throws StepwellError SESSION_EXISTS, INPUT_INVALID */
  async open({ tenant, name, data, ttl, actor }: OpenRequest): Promise<void> {
    if (!NAME.test(name)) {
      const reason = 'A session has a name of at most 200 letters, digits and any of _ . : @ / -';
      throw new StepwellError('INPUT_INVALID', { reason }, { fields: [{ path: 'name', message: reason }] });
    }
    const value = jsonOrRefuse(data ?? {}, 'data');
    refuseTooLarge(JSON.stringify(value), 'data');
    const ttlMs = ttl === null ? null : checkedTtl(ttl);
    if (!(await openSession(this.sql, { tenant, name, data: value, ttlMs, createdBy: actor })))
      throw new StepwellError('SESSION_EXISTS', { name });
  }

  /** It takes no new run; those that it has go on. @throws StepwellError SESSION_NOT_FOUND, SESSION_CLOSED */
  pause(session: SessionRef): Promise<void> {
    return this.set(session, 'paused');
  }

  /** It takes new runs again, unless its time is over. @throws StepwellError SESSION_NOT_FOUND, SESSION_CLOSED */
  resume(session: SessionRef): Promise<void> {
    return this.set(session, 'active');
  }

  /**
   * It takes neither runs nor changes any more. Whoever asks again cancels what is left.
   *
   * @returns how many runs were asked to cancel
   * @throws StepwellError SESSION_NOT_FOUND
   */
  async complete({ tenant, name, cancelRuns, actor, reason }: CompleteRequest): Promise<number> {
    jsonOrRefuse(reason, 'reason');
    refuseNoName(name);
    if (!(await completeSession(this.sql, { tenant, name }))) await this.mustBe({ tenant, name });
    let count = 0;
    // No run comes to it any more, so the list has an end.
    for (let after = LOWEST; cancelRuns;) {
      const ids = await liveRunsOfSession(this.sql, { tenant, name }, after, LOT);
      for (const runId of ids) if (await this.cancel({ tenant, runId, actor, reason })) count++;
      after = ids.at(-1) ?? after;
      if (ids.length < LOT) break;
    }
    return count;
  }

  /** @returns those that there are, by name */
  find(tenant: string, names: readonly string[]): Promise<ReadonlyMap<string, RunSessionRow>> {
    return findSessions(this.sql, tenant, names);
  }

  /** Newest first. */
  list(tenant: string, request: SessionListRequest): Promise<RunSessionRow[]> {
    return listSessions(this.sql, tenant, request);
  }

  countRuns(tenant: string, names: readonly string[]): Promise<ReadonlyMap<string, SessionRuns>> {
    return countSessionRuns(this.sql, tenant, names);
  }

  private async set(session: SessionRef, status: 'active' | 'paused'): Promise<void> {
    refuseNoName(session.name);
    if (await setSessionStatus(this.sql, session, status)) return;
    await this.mustBe(session);
    throw new StepwellError('SESSION_CLOSED', { name: session.name, state: 'completed', what: 'change' });
  }

  private async mustBe({ tenant, name }: SessionRef): Promise<void> {
    if (!(await findSessions(this.sql, tenant, [name])).has(name)) throw new StepwellError('SESSION_NOT_FOUND', { name });
  }

  /** @returns false for one that has ended meanwhile */
  private async cancel(request: Parameters<RunService['cancel']>[0]): Promise<boolean> {
    try {
      await this.runs.cancel(request);
      return true;
    } catch (error) {
      if (error instanceof StepwellError && (error.code === 'RUN_ENDED' || error.code === 'RUN_NOT_FOUND')) return false;
      throw error;
    }
  }
}

/** No session has such a name, and PostgreSQL takes no NUL. */
function refuseNoName(name: string): void {
  if (!NAME.test(name)) throw new StepwellError('SESSION_NOT_FOUND', { name });
}

/** What an author may write as a duration, said by somebody who calls. */
function checkedTtl(ttl: string): number {
  try {
    return parseDuration(ttl, 'ttl');
  } catch (error) {
    if (!(error instanceof StepwellError)) throw error;
    throw new StepwellError(
      'INPUT_INVALID',
      { reason: error.message },
      { fields: [{ path: 'ttl', message: error.message }], cause: error },
    );
  }
}
