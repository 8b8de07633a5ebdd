/** What people and machines say to a run that lives. Each is a message; its owner makes a fact of it. */
import { randomUUID } from 'node:crypto';
import { type Actor, isTerminal, type RunStatus, StepwellError } from '@stepwell/contracts';
import { type ChangeFeed, fold, type PauseMessage, type WakeUpQueue, type WorkflowCatalog } from '@stepwell/engine';
import {
  appendInbox,
  countUnheardSignals,
  countUnreadMessages,
  pauseRun,
  pgSql,
  readJournals,
  readRuns,
  resumeRun,
  runStatus,
  type Sql,
} from '@stepwell/storage';
import type pg from 'pg';
import { jsonOrRefuse } from '../checked-input.js';
import type { InjectionRequest } from './checked-injection.js';
import { type Addressee, injectionMessage, type Said, signalMessage, updateMessage } from './signal-messages.js';
import { takenInput } from './taken-input.js';

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

export interface ContextUpdate extends SignalRequest {
  /** Fields of the input, and what they become. */
  readonly patch: unknown;
}

/** Of one name: what a run keeps until a wait takes it is in its memory whenever it goes on. More than any wait can be behind by right. */
const MAX_UNHEARD = 1_000;

/** Of whatever is said: a paused run reads nothing, and what it finds when it is resumed is read at once. */
const MAX_UNREAD = 1_000;

export interface InjectionOrder extends InjectionRequest {
  readonly tenant: string;
  readonly runId: string;
  readonly actor: Actor | null;
  /** Repeats with the same key change nothing; null for none. */
  readonly key: string | null;
  /** Of the loops around the point; '' outside of any. */
  readonly iteration: string;
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
   * @throws StepwellError RUN_NOT_FOUND, RUN_ENDED, SIGNAL_UNKNOWN, SIGNALS_UNHEARD, MESSAGES_UNREAD, INPUT_INVALID (with the fields)
   */
  async send({ tenant, runId, actor, name, payload }: CustomSignal): Promise<void> {
    const to = await this.addressee(tenant, runId);
    const message = await signalMessage(to, name, payload, actor);
    if (waitsFor(to, name) && (await countUnheardSignals(this.sql, tenant, runId, name)) >= MAX_UNHEARD)
      throw new StepwellError('SIGNALS_UNHEARD', { id: runId, name, most: MAX_UNHEARD });
    await this.append(tenant, runId, message);
  }

  /**
   * Replaces fields of the run's input, each as a whole. Nodes that begin later see it; an attempt that has begun goes on with what it began
   * with. The input that comes of it has to fit the workflow's class.
   *
   * @throws StepwellError RUN_NOT_FOUND, RUN_ENDED, CONTEXT_NOT_UPDATABLE, MESSAGES_UNREAD, INPUT_INVALID (with the fields)
   */
  async updateContext({ tenant, runId, actor, reason, patch }: ContextUpdate): Promise<void> {
    const to = await this.addressee(tenant, runId);
    const now = fold((await readJournals(this.sql, [{ tenant, id: runId }])).get(runId) ?? []).input;
    const { input, ...message } = await updateMessage(to, now, { patch, reason, by: actor });
    if (to.hosted) await takenInput(this.sql, tenant, to.hosted, input);
    await this.append(tenant, runId, message);
  }

  /**
   * Injects nodes into the run, at an inject point of its workflow. They are checked as the run stands now; one that comes further before it
   * reads this keeps nothing of them, and says so in its journal (`injection.refused`).
   *
   * @returns existing: true when the key had been used in this run; then nothing is injected
   * @throws StepwellError RUN_NOT_FOUND, RUN_ENDED, MESSAGES_UNREAD, and as `checkedInjection`
   */
  async inject({ tenant, runId, actor, key, iteration, ...request }: InjectionOrder): Promise<{ readonly existing: boolean }> {
    const to = await this.addressee(tenant, runId);
    const facts = (await readJournals(this.sql, [{ tenant, id: runId }])).get(runId) ?? [];
    const said = await injectionMessage(to, fold(facts), { ...request, key, iteration, by: actor });
    if (!said) return { existing: true };
    const dedupeKey = key === null ? `signal:${randomUUID()}` : `injection:${key}`;
    return { existing: !(await this.append(tenant, runId, said, dedupeKey)) };
  }

  private async addressee(tenant: string, id: string): Promise<Addressee> {
    const run = (await readRuns(this.sql, tenant, [id])).get(id);
    if (!run) throw new StepwellError('RUN_NOT_FOUND', { id });
    if (isTerminal(run.status)) throw new StepwellError('RUN_ENDED', { id, status: run.status });
    return { id, hosted: this.catalog.version(run.workflow, run.version) };
  }

  /** @returns false when a message with this key is there, and was not read yet */
  private async append(tenant: string, runId: string, message: Said, dedupeKey = `signal:${randomUUID()}`): Promise<boolean> {
    if ((await countUnreadMessages(this.sql, tenant, runId, MAX_UNREAD)) >= MAX_UNREAD)
      throw new StepwellError('MESSAGES_UNREAD', { id: runId, most: MAX_UNREAD });
    const outcome = await appendInbox(this.sql, { tenant, runId, dedupeKey, ...message });
    if (outcome.kind === 'run-ended') throw await this.ended(tenant, runId);
    this.wakeUps.wake([outcome.queue]);
    return outcome.appended;
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

/** Where nothing waits for a signal, only the last one of its name is read. */
function waitsFor({ hosted }: Addressee, name: string): boolean {
  return [...(hosted?.graph.byPath.values() ?? [])].some(
    ({ definition }) => definition.kind === 'wait-for-signal' && definition.signal === name,
  );
}
