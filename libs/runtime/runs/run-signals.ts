/** What people and machines say to a run that lives. Each is a message; its owner makes a fact of it. */
import { randomUUID } from 'node:crypto';
import { type Actor, isTerminal, type RunStatus, StepwellError } from '@stepwell/contracts';
import type { ChangeFeed, PauseMessage, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import { validated } from '@stepwell/sdk';
import { appendInbox, pauseRun, pgSql, readRuns, resumeRun, runStatus, type Sql } from '@stepwell/storage';
import type pg from 'pg';
import { inputInvalid, jsonOrRefuse, refuseTooLarge } from '../checked-input.js';

export interface SignalRequest {
  readonly tenant: string;
  readonly runId: string;
  readonly actor: Actor | null;
  readonly reason: string | null;
}

export interface CustomSignal {
  readonly tenant: string;
  readonly runId: string;
  readonly actor: Actor | null;
  readonly name: string;
  readonly payload: unknown;
}

export class RunSignals {
  private readonly sql: Sql;

  constructor(
    pool: pg.Pool,
    private readonly catalog: WorkflowCatalog,
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

  /**
   * Says something to the run that its workflow takes. Each signal counts, also one that says the same as the last.
   *
   * @throws StepwellError RUN_NOT_FOUND, RUN_ENDED, SIGNAL_UNKNOWN, INPUT_INVALID (with the fields)
   */
  async send({ tenant, runId, actor, name, payload }: CustomSignal): Promise<void> {
    const run = (await readRuns(this.sql, tenant, [runId])).get(runId);
    if (!run) throw new StepwellError('RUN_NOT_FOUND', { id: runId });
    const hosted = this.catalog.get(run.workflow)?.definition;
    const signals = hosted?.version === run.version ? hosted.signals : [];
    const signal = signals.find((one) => one.name === name);
    if (!signal) {
      const known = signals.map((one) => `"${one.name}"`).join(', ') || 'none';
      throw new StepwellError('SIGNAL_UNKNOWN', { id: runId, name, known });
    }
    const value = jsonOrRefuse(payload ?? null, 'payload');
    const checked = await validated(signal.payload, value);
    if (!checked.ok) throw inputInvalid(checked.fields);
    refuseTooLarge(JSON.stringify(value), 'payload');
    const message = { tenant, runId, kind: 'signal.received', dedupeKey: `signal:${randomUUID()}` } as const;
    const outcome = await appendInbox(this.sql, { ...message, payload: { name, payload: value, by: actor } });
    if (outcome.kind === 'run-ended') throw await this.ended(tenant, runId);
    this.wakeUps.wake([outcome.queue]);
  }

  private async ended(tenant: string, id: string): Promise<StepwellError> {
    const status = await runStatus(this.sql, tenant, id);
    return status === undefined ? new StepwellError('RUN_NOT_FOUND', { id }) : new StepwellError('RUN_ENDED', { id, status });
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
