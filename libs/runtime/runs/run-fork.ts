/**
 * Forking a run: another one begins as this one was before it came to a node, with another input or other outputs of what it had done, if a
 * person says so. Nothing of it is executed again, and the run itself is not touched, whether it has ended or not.
 */
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import {
  type EditedOutput,
  type Fork,
  forkAt,
  type ForkStartedPayload,
  nodeKey,
  type NodeRef,
  startTerms,
  type WakeUpQueue,
  type WorkflowCatalog,
} from '@stepwell/engine';
import { type ForkedRun, forkRun, inTransaction, pgSql, readJournals, readRuns, type RunRow, type Sql, uuidV7 } from '@stepwell/storage';
import type pg from 'pg';
import { jsonOrRefuse, refuseTooLarge } from '../checked-input.js';
import { stayInSession } from '../sessions/take-session.js';
import { takenInput } from './taken-input.js';
import { mustFindCheckpoint } from './run-checkpoints.js';

export interface ForkRequest {
  readonly tenant: string;
  readonly runId: string;
  /** Where the fork goes on; null from the start. */
  readonly from: NodeRef | null;
  /** Behind which checkpoint it goes on, in place of `from`. */
  readonly checkpoint?: number | undefined;
  /** In place of the run's; undefined when it stays the same. */
  readonly input: unknown;
  /** Of nodes that had completed by then. */
  readonly outputs: readonly (NodeRef & { readonly output?: unknown })[];
  readonly actor: Actor | null;
  readonly reason: string | null;
}

export class RunFork {
  private readonly sql: Sql;

  constructor(
    private readonly pool: pg.Pool,
    private readonly catalog: WorkflowCatalog,
    private readonly wakeUps: WakeUpQueue,
  ) {
    this.sql = pgSql(pool);
  }

  /**
   * @returns the id of the fork
   * @throws StepwellError RUN_NOT_FOUND, RUN_NOT_FORKABLE, CHECKPOINT_NOT_FOUND, INPUT_INVALID (with the fields), SESSION_CLOSED
   */
  async fork(request: ForkRequest): Promise<string> {
    const forked = await this.prepare(request);
    const queue = await inTransaction(this.pool, async (sql) => {
      await stayInSession(sql, forked);
      return forkRun(sql, forked);
    });
    if (queue === undefined) throw new StepwellError('RUN_NOT_FOUND', { id: request.runId });
    this.wakeUps.wake([queue]);
    return forked.newId;
  }

  /** All that can be wrong with a fork, before it is written. @throws as `fork` */
  async prepare(request: ForkRequest): Promise<ForkedRun> {
    const { tenant, runId, from, actor, checkpoint } = request;
    const reason = jsonOrRefuse(request.reason, 'reason') as string | null;
    const run = (await readRuns(this.sql, tenant, [runId])).get(runId);
    if (!run) throw new StepwellError('RUN_NOT_FOUND', { id: runId });
    const hosted = this.hosted(run);
    if (checkpoint !== undefined) await mustFindCheckpoint(this.sql, { tenant, runId, seq: checkpoint });
    const facts = (await readJournals(this.sql, [{ tenant, id: runId }])).get(runId) ?? [];
    const fork = forkAt(hosted.graph, facts, checkpoint === undefined ? from : { behind: checkpoint });
    if (!fork) throw refusal(runId, whyNot(from, checkpoint));
    const [undone] = fork.undone;
    if (undone)
      throw refusal(runId, `it has undone ${named(undone)} since, and the fork would go on as if it had not. Fork it from there.`);
    const input = request.input === undefined ? {} : { input: await takenInput(this.sql, tenant, hosted, request.input) };
    // Author code: before anything is written.
    const terms = startTerms(hosted.definition, input.input ?? fork.state.input, run.priority);
    const outputs = request.outputs.map((one) => checkedOutput(runId, fork, one));
    const payload: ForkStartedPayload = {
      runId,
      by: actor,
      reason,
      from,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...fork.begun,
      ...input,
      outputs,
    };
    const own = { type: 'fork.started', path: '', iteration: '', attempt: 0, payload: payload as unknown as Json };
    return { tenant, id: runId, session: run.session, newId: uuidV7(), actor, facts: fork.facts, own, ...terms };
  }

  private hosted({ id, workflow, version }: RunRow) {
    const hosted = this.catalog.version(workflow, version);
    if (!hosted) {
      const others = this.catalog.versions(workflow).map((one) => one.definition.version);
      const instead = others.length > 0 ? `version ${others.join(' and ')} of it` : 'no version of it';
      throw refusal(id, `it ran on version ${version} of workflow "${workflow}", and this server has ${instead}. Start another one.`);
    }
    if (hosted.processor !== undefined)
      throw refusal(id, 'it is a run of an emitter, which has one place to read on from. Start another one.');
    return hosted;
  }
}

function whyNot(from: NodeRef | null, checkpoint: number | undefined): string {
  if (from) return `it has not come to ${named(from)}, or not since it was taken to its version.`;
  return checkpoint === undefined ? 'its journal is gone.' : 'that checkpoint is of the version that it had before it was migrated.';
}

function checkedOutput(runId: string, { state, begun }: Fork, { path, iteration, output }: ForkRequest['outputs'][number]): EditedOutput {
  const at = { path, iteration };
  if (state.nodes.get(path, iteration)?.phase !== 'completed')
    throw refusal(runId, `${named(at)} had not completed by then, so it has no output to change.`);
  if (begun.reopened.some((one) => nodeKey(one.path, one.iteration) === nodeKey(path, iteration)))
    throw refusal(runId, `${named(at)} begins anew in the fork, and gives another output then.`);
  const value = jsonOrRefuse(output ?? null, 'output');
  refuseTooLarge(JSON.stringify(value), 'output');
  return { ...at, output: value };
}

function named({ path, iteration }: NodeRef): string {
  return iteration === '' ? `"${path}"` : `"${path}" in iteration ${iteration}`;
}

function refusal(id: string, reason: string): StepwellError {
  return new StepwellError('RUN_NOT_FORKABLE', { id, reason });
}
