/** What people and machines say to a run that lives. Each is a message; its owner makes a fact of it. */
import { type Actor, isTerminal, type RunStatus, StepwellError } from '@stepwell/contracts';
import type { ChangeFeed, PauseMessage, WakeUpQueue } from '@stepwell/engine';
import { pauseRun, pgSql, resumeRun, runStatus, type Sql } from '@stepwell/storage';
import type pg from 'pg';
import { jsonOrRefuse } from '../checked-input.js';

export interface SignalRequest {
  readonly tenant: string;
  readonly runId: string;
  readonly actor: Actor | null;
  readonly reason: string | null;
}

export class RunSignals {
  private readonly sql: Sql;

  constructor(
    pool: pg.Pool,
    private readonly wakeUps: WakeUpQueue,
    private readonly changes: Pick<ChangeFeed, 'publish'>,
  ) {
    this.sql = pgSql(pool);
  }

  /**
   * Nothing of the run begins until it is resumed; what runs may finish. Whoever asks again changes nothing.
   *
   * @throws StepwellError RUN_NOT_FOUND, RUN_ENDED, RUN_CANCELING
   */
  async pause(request: SignalRequest): Promise<void> {
    const status = await this.tell(pauseRun, request);
    if (status !== undefined && status !== 'paused') throw new StepwellError('RUN_CANCELING', { id: request.runId });
  }

  /**
   * The run goes on, with all that came meanwhile. One that is not paused is left as it is.
   *
   * @throws StepwellError RUN_NOT_FOUND, RUN_ENDED
   */
  async resume(request: SignalRequest): Promise<void> {
    await this.tell(resumeRun, request);
  }

  /** @returns how the run stands, when it did not take the message */
  private async tell(
    statement: (sql: Sql, message: PauseMessage) => Promise<string | undefined>,
    { tenant, runId, actor, reason }: SignalRequest,
  ): Promise<RunStatus | undefined> {
    jsonOrRefuse(reason, 'reason');
    const queue = await statement(this.sql, { tenant, runId, by: actor, reason });
    if (queue !== undefined) {
      this.changes.publish([{ tenant, kind: 'run', id: runId }]);
      this.wakeUps.wake([queue]);
      return undefined;
    }
    const status = await runStatus(this.sql, tenant, runId);
    if (status === undefined) throw new StepwellError('RUN_NOT_FOUND', { id: runId });
    if (isTerminal(status)) throw new StepwellError('RUN_ENDED', { id: runId, status });
    return status;
  }
}
