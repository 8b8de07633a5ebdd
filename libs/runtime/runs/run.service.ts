/** What people and machines do to runs: start them, cancel them, deliver results to them. */
import { type Actor, isTerminal, RunStatus, StepwellError } from '@stepwell/contracts';
import type { InsertedRun, NewRun, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import {
  appendInbox,
  type AsyncResultMessage,
  findRunByKey,
  insertRuns,
  inTransaction,
  notifyAtCommit,
  pgSql,
  ResultSettler,
  type RunInserter,
  runStatus,
  type SettleOutcome,
  type Sql,
} from '@stepwell/storage';
import type pg from 'pg';
import { jsonOrRefuse, refuseTooLarge } from '../checked-input.js';
import type { Arrivals } from '../worker/arrivals.js';
import { firstFact, firstLease } from '../worker/first-lease.js';
import type { Worker } from '../worker/worker.js';
import type { AsyncResultIds } from './async-result-ids.js';
import { checkedStart, type StartRequest } from './checked-start.js';
import type { QueueGauge } from './queue-gauge.js';
import { takeSession } from '../sessions/take-session.js';

export type Settlement = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

export interface CancelRequest {
  readonly tenant: string;
  readonly runId: string;
  readonly actor: Actor | null;
  readonly reason: string | null;
  readonly isForced?: boolean;
}

export class RunService {
  private readonly sql: Sql;
  private readonly settler: ResultSettler;
  private readonly arrivals: Arrivals | undefined;

  /**
   * @param worker of this process, if it has one: it takes new runs at once when it has room
   * @param gauge refuses starts when the queue is full; without one it has no bound
   */
  constructor(
    private readonly pool: pg.Pool,
    private readonly catalog: WorkflowCatalog,
    private readonly inserter: RunInserter,
    private readonly wakeUps: WakeUpQueue,
    private readonly ids: AsyncResultIds,
    worker: Worker | undefined,
    private readonly gauge?: QueueGauge,
  ) {
    this.sql = pgSql(pool);
    this.settler = new ResultSettler(pool);
    this.arrivals = worker?.arrivals;
  }

  /**
   * @param may asked last, in the transaction that inserts the run: it locks what the answer depends on, and throws when the run may not begin
   * @throws StepwellError WORKFLOW_NOT_FOUND, WORKFLOW_DEPRECATED, INPUT_INVALID (with the fields), QUEUE_FULL, TENANT_QUEUE_FULL, OVERLOADED
   */
  async start(request: StartRequest, may?: (sql: Sql) => Promise<void>): Promise<InsertedRun> {
    // What it depends on, its session, too, is held until the commit, which is a transaction of its own.
    if (request.session != null || may) return inTransaction(this.pool, (sql) => this.startIn(sql, request, may));
    const checked = await checkedStart(this.sql, this.catalog, request);
    const giveBack = this.gauge && (await this.gauge.admit(request.tenant));
    // Who needs a permit queues for it; who is parked waits.
    const worker = checked.permitKey === null && this.catalog.isServed(checked) ? this.arrivals?.reserve(checked) : undefined;
    let run: NewRun = { ...checked, worker: worker ?? null };
    try {
      const outcome = await this.inserter.insert(run, () => {
        this.arrivals?.decline(run.id, true);
        run = { ...run, worker: null };
      });
      if (outcome.existing || run.worker !== null) giveBack?.();
      if (outcome.existing) this.arrivals?.decline(run.id, true);
      else this.goOn(run);
      return outcome;
    } catch (error) {
      giveBack?.();
      this.arrivals?.decline(run.id, run.worker === null);
      throw error;
    }
  }

  /** As `start`, within a transaction of the caller's. Its commit is the wake-up; no worker takes the run before. */
  async startIn(sql: Sql, request: StartRequest, may?: (sql: Sql) => Promise<void>): Promise<InsertedRun> {
    const run = await checkedStart(sql, this.catalog, request);
    // Whoever waits here holds what the transaction has locked.
    const giveBack = await this.gauge?.admit(request.tenant, false);
    let outcome: InsertedRun | undefined;
    try {
      outcome = await this.insertIn(sql, run, may);
      return outcome;
    } finally {
      if (outcome?.existing !== false) giveBack?.();
    }
  }

  private async insertIn(sql: Sql, run: NewRun, may: ((sql: Sql) => Promise<void>) | undefined): Promise<InsertedRun> {
    await may?.(sql);
    const before = await takeSession(sql, run);
    if (before !== undefined) return { runId: before, existing: true };
    if (!(await insertRuns(sql, [run])).has(run.id)) {
      const first = run.key === null ? undefined : await findRunByKey(sql, run.tenant, run.workflow, run.key);
      if (first === undefined) throw new Error(`Run ${run.id} was not inserted.`);
      return { runId: first, existing: true };
    }
    await notifyAtCommit(sql, this.wakeUps.atCommit([run.queue]));
    return { runId: run.id, existing: false };
  }

  /**
   * Whoever asks again changes nothing, but for one who forces the end: what scopes and finally branches would still do is then not done.
   *
   * @throws StepwellError RUN_NOT_FOUND, RUN_ENDED
   */
  async cancel({ tenant, runId, actor, reason, isForced = false }: CancelRequest): Promise<void> {
    const outcome = await appendInbox(this.sql, {
      tenant,
      runId,
      kind: 'cancel.requested',
      dedupeKey: isForced ? 'forced-cancel' : 'cancel',
      payload: { reason: jsonOrRefuse(reason, 'reason'), by: actor, ...(isForced ? { isForced } : {}) },
    });
    if (outcome.kind === 'accepted') return this.wakeUps.wake([outcome.queue]);
    await this.refuse(tenant, runId);
  }

  /** @throws StepwellError ASYNC_RESULT_NOT_FOUND, ASYNC_RESULT_SETTLED, RUN_ENDED, INPUT_INVALID, OVERLOADED */
  async settleAsyncResult({ tenant, id }: { tenant: string; id: string }, settlement: Settlement): Promise<void> {
    const runId = this.ids.runIdOf(id);
    if (!runId) throw new StepwellError('ASYNC_RESULT_NOT_FOUND', { id });
    const payload = {
      id,
      ...(settlement.ok
        ? { ok: true, value: jsonOrRefuse(settlement.value ?? null, 'result') }
        : { ok: false, reason: jsonOrRefuse(settlement.reason, 'error') }),
    };
    // Only now: to write what is nested too deep is the end of the stack.
    if (settlement.ok) refuseTooLarge(JSON.stringify(settlement.value ?? null), 'result');
    const outcome = await this.settle({ tenant, runId, id, payload: JSON.stringify(payload) });
    if (outcome.kind === 'settled-before') throw new StepwellError('ASYNC_RESULT_SETTLED', { id });
    if (outcome.kind === 'no-live-run') return this.refuse(tenant, runId, id);
    if (outcome.claimed) this.arrivals?.resume(outcome.claimed);
    else this.wakeUps.wake([outcome.queue]);
  }

  /** A result brings the worker its run, as far as that has room; what comes together is read together. */
  private async settle(message: AsyncResultMessage): Promise<SettleOutcome> {
    const { tenant, runId } = message;
    let claimant = this.arrivals?.reserveWaiting({ tenant, id: runId }) ?? null;
    let outcome: SettleOutcome | undefined;
    const decline = (isKnown: boolean) => {
      if (claimant) this.arrivals?.decline(runId, isKnown);
      claimant = null;
    };
    try {
      outcome = await this.settler.settle({ message, claimant }, () => decline(true));
      return outcome;
    } finally {
      if (!(outcome?.kind === 'accepted' && outcome.claimed)) decline(outcome !== undefined);
    }
  }

  /** As `settleAsyncResult`, for who holds the signed URL. @throws StepwellError SIGNATURE_INVALID */
  async settleSigned(id: string, signature: string, settlement: Settlement): Promise<void> {
    const tenant = this.ids.tenantOf(id, signature);
    if (tenant === undefined) throw new StepwellError('SIGNATURE_INVALID');
    await this.settleAsyncResult({ tenant, id }, settlement);
  }

  private goOn(run: NewRun): void {
    if (run.worker === null || !this.arrivals) return this.wakeUps.wake([run.queue]);
    const { tenant, id, workflow, version, queue, actor, input } = run;
    const lease = firstLease({ tenant, id, workflow, version, queue, actor, parent_run: null });
    this.arrivals.adopt(lease, [firstFact(input, Date.now())]);
  }

  private async refuse(tenant: string, runId: string, asyncResultId?: string): Promise<never> {
    const status = await runStatus(this.sql, tenant, runId);
    if (status === undefined)
      throw asyncResultId === undefined
        ? new StepwellError('RUN_NOT_FOUND', { id: runId })
        : new StepwellError('ASYNC_RESULT_NOT_FOUND', { id: asyncResultId });
    throw new StepwellError('RUN_ENDED', { id: runId, status: isTerminal(status) ? status : RunStatus.completed });
  }
}
