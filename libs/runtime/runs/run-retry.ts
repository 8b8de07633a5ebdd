/**
 * Retrying by hand. After an incident the steps of the living run are tried again. An ended run never changes: a new one takes over what
 * it has done and goes on, once; whoever asks again is told of that one. Runs that it had started, and that failed or were canceled with
 * it, go on the same way, as its children.
 *
 * Of two people who retry one incident at once, one does: both name the attempt that they saw fail, and the run's owner drops what names
 * an incident that is gone. Of two who retry one ended run, the second finds it retried under its lock.
 */
import { type Actor, isTerminal, type Json, RunStatus, StepwellError } from '@stepwell/contracts';
import {
  type Fact,
  fold,
  type IncidentCause,
  incidentsOf,
  type KeyHolder,
  type RetryStartedPayload,
  takeOver,
  type WakeUpQueue,
  type WorkflowCatalog,
} from '@stepwell/engine';
import {
  appendInbox,
  finishKey,
  inTransaction,
  type OwnFact,
  pgSql,
  readHeads,
  readJournals,
  readRunPayloads,
  readRuns,
  type RetriedRun,
  retryRuns,
  type RunRow,
  type Sql,
  uuidV7,
} from '@stepwell/storage';
import type pg from 'pg';
import { jsonOrRefuse } from '../checked-input.js';
import { defaultKeyOf } from '../worker/default-key.js';
import { stayInSession } from '../sessions/take-session.js';

/** Of these a person says how they stand. */
const RESOLVABLE: ReadonlySet<string> = new Set<IncidentCause>(['outcome-unknown', 'undo-failed']);

export interface RetryRequest {
  readonly tenant: string;
  readonly runId: string;
  readonly actor: Actor | null;
  readonly reason: string | null;
}

export interface IncidentResolution extends RetryRequest {
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly happened: boolean;
  /** What the step would have returned, when it happened. */
  readonly output: Json;
}

/** A look may be overtaken by somebody who retries a child; each time that happens, one run fewer is left to do it to. */
const MAX_LOOKS = 10;
/** Runs that a run had started, of which each is retried with it, in one statement. */
const MOST_CHILDREN = 1_000;

export class RunRetry {
  private readonly sql: Sql;

  constructor(
    private readonly pool: pg.Pool,
    private readonly catalog: WorkflowCatalog,
    private readonly wakeUps: WakeUpQueue,
  ) {
    this.sql = pgSql(pool);
  }

  /**
   * @returns the id of the run that goes on: the same one after an incident, else the one that retries it
   * @throws StepwellError RUN_NOT_FOUND, RUN_NOT_RETRYABLE, SESSION_CLOSED, RUN_ENDED (just now)
   */
  async retry(request: RetryRequest): Promise<string> {
    jsonOrRefuse(request.reason, 'reason');
    for (let looks = 0; looks < MAX_LOOKS; looks++) {
      const run = await this.read(request);
      if (!isTerminal(run.status)) return this.retryInPlace(request, run);
      const instead = run.retriedAs ?? run.letter?.runId;
      if (instead != null) return instead;
      const plan: RetriedRun[] = [];
      const newId = await this.plan(request, run, null, plan);
      const queues = await inTransaction(this.pool, async (sql) => {
        await stayInSession(sql, { tenant: request.tenant, session: run.session });
        return retryRuns(sql, request.tenant, plan);
      });
      if (queues.length === 0) continue;
      this.wakeUps.wake(queues);
      return newId;
    }
    throw refusal(request.runId, 'others retry what it had started. Try again in a moment.');
  }

  private async read({ tenant, runId }: Pick<RetryRequest, 'tenant' | 'runId'>): Promise<RunRow> {
    const run = (await readRuns(this.sql, tenant, [runId])).get(runId);
    if (!run) throw new StepwellError('RUN_NOT_FOUND', { id: runId });
    return run;
  }

  private async retryInPlace({ tenant, runId, actor, reason }: RetryRequest, { status }: RunRow): Promise<string> {
    const incidents = incidentsOf((await readJournals(this.sql, [{ tenant, id: runId }])).get(runId) ?? []);
    if (incidents.length === 0) throw refusal(runId, `it is ${status} and has no incident.`);
    if (incidents.every(({ cause }) => cause === 'outcome-unknown'))
      throw refusal(runId, 'whether an effect of it happened is not known. Say that first, on its page or by resolveIncident.');
    const outcome = await appendInbox(this.sql, {
      tenant,
      runId,
      kind: 'incident.retried',
      dedupeKey: `incidents:${Math.max(...incidents.map(({ seq }) => seq))}`,
      payload: { incidents: incidents.map(({ path, iteration, attempt }) => ({ path, iteration, attempt })), by: actor, reason },
    });
    if (outcome.kind === 'run-ended') throw await this.ended({ tenant, runId });
    this.wakeUps.wake([outcome.queue]);
    return runId;
  }

  private async ended(ref: Pick<RetryRequest, 'tenant' | 'runId'>): Promise<StepwellError> {
    const { status } = await this.read(ref);
    return new StepwellError('RUN_ENDED', { id: ref.runId, status });
  }

  /**
   * Somebody has found out what became of an effect whose outcome was not known: the step goes on with its output, or is tried again.
   * An output under a key is there for other runs, too.
   *
   * @throws StepwellError RUN_NOT_FOUND, INCIDENT_NOT_FOUND, RUN_ENDED, INPUT_INVALID for an output that is no JSON
   */
  async resolve({ tenant, runId, actor, reason, ...resolution }: IncidentResolution): Promise<void> {
    jsonOrRefuse(reason, 'reason');
    jsonOrRefuse(resolution.output, 'output');
    const run = await this.read({ tenant, runId });
    if (isTerminal(run.status)) throw await this.ended({ tenant, runId });
    const facts = (await readJournals(this.sql, [{ tenant, id: runId }])).get(runId) ?? [];
    const { path, iteration, attempt, happened, output } = resolution;
    const incident = incidentsOf(facts).find((one) => one.path === path && one.iteration === iteration && one.attempt === attempt);
    if (!incident || !RESOLVABLE.has(incident.cause)) throw new StepwellError('INCIDENT_NOT_FOUND', { id: runId });
    const payload = { ...resolution, by: actor, reason };
    const dedupeKey = `incident:${incident.seq}`;
    const kept = happened ? this.keyOf(tenant, run, facts, incident) : undefined;
    const outcome = await inTransaction(this.pool, async (sql) => {
      const said = await appendInbox(sql, { tenant, runId, kind: 'incident.resolved', dedupeKey, payload });
      // Of two who say it the first counts.
      if (kept && said.kind === 'accepted' && said.appended) await finishKey(sql, kept.key, output, kept.ttlMs);
      return said;
    });
    if (outcome.kind === 'run-ended') throw await this.ended({ tenant, runId });
    this.wakeUps.wake([outcome.queue]);
  }

  /** @returns undefined for a step without one, and for one that this server does not host: its key is held until its time is over */
  private keyOf(
    tenant: string,
    { workflow, version, lineageRoot }: RunRow,
    facts: readonly Fact[],
    { path, iteration }: Pick<Fact, 'path' | 'iteration'>,
  ): { readonly key: KeyHolder; readonly ttlMs: number } | undefined {
    const state = fold(facts);
    const key = state.nodes.get(path, iteration)?.key;
    const node = this.catalog.version(workflow, version)?.graph.byPath.get(path);
    const idempotency = node?.definition.kind === 'step' ? node.definition.policy.idempotency : null;
    if (key === undefined || !node || !idempotency) return undefined;
    const holder = defaultKeyOf({ run: { lineage_root: lineageRoot }, state }, { node, iteration, standIn: undefined });
    return { key: { tenant, key, holder }, ttlMs: idempotency.ttlMs };
  }

  /**
   * @param plan takes the run and all that goes on with it
   * @returns the id of the run that will retry it
   */
  private async plan(request: RetryRequest, run: RunRow, parent: string | null, plan: RetriedRun[]): Promise<string> {
    const { tenant, actor, reason } = request;
    const { id, workflow, version, status } = run;
    if (status === RunStatus.completed) throw refusal(id, 'it has completed. Start another one.');
    const hosted = this.catalog.version(workflow, version);
    if (!hosted) {
      const others = this.catalog.versions(workflow).map((one) => one.definition.version);
      const instead = others.length > 0 ? `version ${others.join(' and ')} of it` : 'no version of it';
      throw refusal(id, `it ran on version ${version} of workflow "${workflow}", and this server has ${instead}. Start another one.`);
    }
    const facts = (await readJournals(this.sql, [{ tenant, id }])).get(id) ?? [];
    const carried = facts.find(({ type }) => type === 'run.carried')?.payload as { readonly to: string } | undefined;
    if (carried) throw refusal(id, `it was carried to installation ${carried.to}, and goes on there.`);
    const { facts: taken, children, begun } = takeOver(hosted.graph, facts);
    if (children.length > MOST_CHILDREN)
      throw refusal(id, `${children.length} of the runs that it had started would be retried at once. Retry those first, as dead letters.`);
    const newId = uuidV7();
    const started: RetryStartedPayload = { runId: id, by: actor, reason, ...begun };
    const own: OwnFact[] = [{ type: 'retry.started', path: '', iteration: '', attempt: 0, payload: started as unknown as Json }];
    plan.push({ id, newId, parent, facts: taken, own });
    const heads = children.length > 0 ? await readHeads(this.sql, tenant, children.map(({ childId }) => childId)) : new Map<string, RunRow>(); // prettier-ignore
    for (const { path, iteration, childId } of children) {
      const head = await this.inItsPlace(tenant, heads.get(childId));
      // It is gone: the node starts another one.
      if (!head) continue;
      const at = { path, iteration, attempt: 1 };
      if (!isTerminal(head.status)) throw refusal(id, `run ${head.id}, which it had started, has not ended. Try again when it has.`);
      const hasCompleted = head.status === RunStatus.completed;
      const next = hasCompleted ? head.id : await this.plan(request, head, newId, plan);
      own.push({ ...at, type: 'child.started', payload: { childId: next, workflow: head.workflow, isAwaited: true } });
      if (!hasCompleted) continue;
      const output = (await readRunPayloads(this.sql, tenant, [next])).get(next)?.output ?? null;
      own.push({ ...at, type: 'child.ended', payload: { childId: next, output } });
    }
    return newId;
  }

  /** A dead letter that was put in again with another input has another run in its place. */
  private async inItsPlace(tenant: string, head: RunRow | undefined): Promise<RunRow | undefined> {
    const instead = head?.letter?.as === 'reinjected' ? head.letter.runId : null;
    if (instead === null) return head;
    return this.inItsPlace(tenant, (await readHeads(this.sql, tenant, [instead])).get(instead));
  }
}

function refusal(id: string, reason: string): StepwellError {
  return new StepwellError('RUN_NOT_RETRYABLE', { id, reason });
}
