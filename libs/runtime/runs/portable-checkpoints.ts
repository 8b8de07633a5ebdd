/**
 * Checkpoints that leave the installation as a text, and come back once. The text says which run, where, and what it knew. A run that is held
 * there goes on itself; of any other one a fork goes on behind that checkpoint. The key of its use is reserved in the same transaction, so that
 * of two who come with one text one goes on.
 */
import { randomBytes } from 'node:crypto';
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import { contextAt, fold, type HostedWorkflow, type RunState, type WorkflowCatalog } from '@stepwell/engine';
import {
  appendInbox,
  forkRun,
  inTransaction,
  lockHeldRun,
  MOST_CHECKPOINT_DAYS,
  pgSql,
  readJournals,
  readRuns,
  reserveKeys,
  type Sql,
  usedCheckpointKey,
} from '@stepwell/storage';
import { graphFingerprint } from '../hosting/graph-fingerprint.js';
import { jsonOrRefuse } from '../checked-input.js';
import { stayInSession } from '../sessions/take-session.js';
import { type CarryParts, carryRun, installationId, refuseCarried, takeCarried } from './carried-runs.js';
import { MAX_CONTEXT_BYTES, nonceOfHold, type PortableCheckpoint } from './checkpoint-text.js';
import { liftStop, refuseUnfit } from './lift-stop.js';
import { type CheckpointRef, mustFindCheckpoint } from './run-checkpoints.js';
import type { ForkRequest, RunFork } from './run-fork.js';
import { takenInput } from './taken-input.js';

const MAX_HOURS = 24 * MOST_CHECKPOINT_DAYS;

export interface CheckpointUse {
  readonly tenant: string;
  readonly checkpoint: string;
  /** Laid over the input of the run, field by field; undefined for none. */
  readonly overrideData: unknown;
  readonly actor: Actor | null;
  readonly reason: string | null;
  /** Only the run itself may go on, and no other one behind its checkpoint. */
  readonly isItself?: boolean;
}

export interface CarryRequest extends Pick<CheckpointUse, 'tenant' | 'checkpoint' | 'actor'> {
  /** The id of the other installation. */
  readonly to: string;
}

export interface PortableCheckpointParts extends CarryParts {
  readonly catalog: WorkflowCatalog;
  readonly forks: RunFork;
}

export class PortableCheckpoints {
  private readonly sql: Sql;

  constructor(private readonly parts: PortableCheckpointParts) {
    this.sql = pgSql(parts.pool);
  }

  /**
   * @param hours for which it is good, at most 90 days
   * @throws StepwellError RUN_NOT_FOUND, RUN_NOT_FORKABLE, CHECKPOINT_NOT_FOUND, INPUT_INVALID
   */
  async issue(ref: CheckpointRef, hours: number): Promise<{ readonly text: string; readonly expiresAt: Date }> {
    const { tenant, runId, seq } = ref;
    if (!Number.isInteger(hours) || hours < 1 || hours > MAX_HOURS)
      throw new StepwellError('INPUT_INVALID', { reason: `A checkpoint is good for 1 to ${MAX_HOURS} hours.` });
    const { run, hosted } = await this.hosted(tenant, runId);
    const { path, iteration } = await mustFindCheckpoint(this.sql, ref);
    const facts = (await readJournals(this.sql, [{ tenant, id: runId }])).get(runId) ?? [];
    const context = (contextAt(facts, seq) ?? null) as unknown as Json;
    const bytes = Buffer.byteLength(JSON.stringify(context));
    if (bytes > MAX_CONTEXT_BYTES) {
      const reason = `What the run knew there has ${bytes} bytes; a text carries at most ${MAX_CONTEXT_BYTES}. Fork the run behind it instead.`;
      throw new StepwellError('INPUT_INVALID', { reason });
    }
    const expiresAt = this.parts.clock.now() + hours * 3_600_000;
    const { workflow, version } = run;
    const place = { tenant, runId, seq, workflow, version, path, iteration, fingerprint: graphFingerprint(hosted.graph) };
    const nonce = fold(facts).holds.has(seq) ? nonceOfHold(runId, seq) : randomBytes(12).toString('base64url');
    return { text: this.parts.texts.write({ ...place, nonce, expiresAt, context }), expiresAt: new Date(expiresAt) };
  }

  /**
   * @returns the id of the run that goes on: that of the checkpoint, where it is held there, or another one
   * @throws StepwellError CHECKPOINT_MALFORMED, CHECKPOINT_TAMPERED, CHECKPOINT_EXPIRED, CHECKPOINT_STEP_UNKNOWN, CHECKPOINT_GRAPH_CHANGED,
   *   CHECKPOINT_USED, CHECKPOINT_CARRIED, CHECKPOINT_ELSEWHERE, what a fork is refused for, and RUN_ENDED or RUN_CANCELING for one that was held there when it was ended
   */
  async use(request: CheckpointUse): Promise<string> {
    const { tenant, actor } = request;
    const checkpoint = this.parts.texts.read(request.checkpoint);
    const { runId, seq } = checkpoint;
    // Who is of another tenant learns no more than that.
    if (checkpoint.tenant !== tenant) throw new StepwellError('CHECKPOINT_TAMPERED');
    // A run that was carried goes on as another one.
    if (checkpoint.carried && request.isItself) throw new StepwellError('CHECKPOINT_USED', { id: runId });
    if (checkpoint.carried) return this.takeIn(checkpoint, request);
    const { hosted } = await this.hosted(tenant, runId);
    refuseUnfit(checkpoint, hosted, this.parts.clock.now());
    const reason = jsonOrRefuse(request.reason, 'reason') as string | null;
    const facts = (await readJournals(this.sql, [{ tenant, id: runId }])).get(runId) ?? [];
    refuseCarried(runId, facts.find(({ type }) => type === 'run.carried')); // prettier-ignore
    const state = fold(facts);
    if (state.holds.has(seq) && (await this.lift(checkpoint, hosted, state, { ...request, reason }))) return runId;
    if (request.isItself) throw new StepwellError('CHECKPOINT_USED', { id: runId });
    const input = request.overrideData === undefined ? undefined : laidOver(contextAt(facts, seq)?.input, request.overrideData);
    return this.fork(checkpoint, { tenant, runId, from: null, checkpoint: seq, input, outputs: [], actor, reason });
  }

  /** As ids of installations go: where a run is carried to. */
  installation(): Promise<string> {
    return installationId(this.sql);
  }

  /**
   * Closes the run that is stopped at a checkpoint, so that it goes on in another installation: that one's `use` takes the text.
   *
   * @param to what `installation` says there
   * @throws StepwellError CHECKPOINT_MALFORMED, CHECKPOINT_TAMPERED, CHECKPOINT_CARRIED, CHECKPOINT_USED, RUN_NOT_CARRIED; those of one that
   *   `use` refuses here: CHECKPOINT_EXPIRED, CHECKPOINT_STEP_UNKNOWN, CHECKPOINT_GRAPH_CHANGED
   */
  async carry({ tenant, checkpoint: text, to, actor }: CarryRequest): Promise<string> {
    const checkpoint = this.parts.texts.read(text);
    const { runId } = checkpoint;
    if (checkpoint.tenant !== tenant) throw new StepwellError('CHECKPOINT_TAMPERED');
    const { hosted } = await this.hosted(tenant, runId);
    const facts = (await readJournals(this.sql, [{ tenant, id: runId }])).get(runId) ?? [];
    return carryRun(this.parts, checkpoint, facts, { to, by: actor, hosted });
  }

  private takeIn(checkpoint: PortableCheckpoint, { overrideData, actor, reason }: CheckpointUse): Promise<string> {
    const { runId: id, workflow, version } = checkpoint;
    const hosted = this.parts.catalog.version(workflow, version);
    if (!hosted) throw unhosted(id, workflow, version);
    refuseUnfit(checkpoint, hosted, this.parts.clock.now());
    const override = (input: Json) => (overrideData === undefined ? input : laidOver(input, overrideData));
    return takeCarried(this.parts, this.sql, checkpoint, hosted, { actor, reason, override });
  }

  /** @returns false when somebody has let the run pass meanwhile */
  private async lift(checkpoint: PortableCheckpoint, hosted: HostedWorkflow, state: RunState, request: CheckpointUse): Promise<boolean> {
    const { tenant, runId, seq, nonce } = checkpoint;
    const { message, input } = await liftStop(checkpoint, hosted, state, request);
    if (input !== undefined) await takenInput(this.sql, tenant, hosted, input);
    const outcome = await inTransaction(this.parts.pool, async (sql) => {
      const instead = await lockHeldRun(sql, tenant, runId, seq);
      if (instead === 'passed') return undefined;
      if (instead === 'ending') throw new StepwellError('RUN_CANCELING', { id: runId });
      await this.reserve(sql, checkpoint, runId);
      return appendInbox(sql, { tenant, runId, dedupeKey: `checkpoint:${nonce}`, ...message });
    });
    if (outcome?.kind === 'accepted') this.parts.wakeUps.wake([outcome.queue]);
    return outcome !== undefined;
  }

  private async fork(checkpoint: PortableCheckpoint, request: ForkRequest): Promise<string> {
    const forked = await this.parts.forks.prepare(request);
    const queue = await inTransaction(this.parts.pool, async (sql) => {
      await stayInSession(sql, forked);
      await this.reserve(sql, checkpoint, forked.newId);
      return forkRun(sql, forked);
    });
    if (queue === undefined) throw new StepwellError('RUN_NOT_FOUND', { id: request.runId });
    this.parts.wakeUps.wake([queue]);
    return forked.newId;
  }

  private async reserve(sql: Sql, { tenant, workflow, nonce, runId: id }: PortableCheckpoint, runId: string): Promise<void> {
    const reserved = await reserveKeys(sql, [{ tenant, workflow, key: usedCheckpointKey(nonce), runId }]);
    if (reserved.size === 0) throw new StepwellError('CHECKPOINT_USED', { id });
  }

  private async hosted(tenant: string, id: string) {
    const run = (await readRuns(this.sql, tenant, [id])).get(id);
    if (!run) throw new StepwellError('RUN_NOT_FOUND', { id });
    const hosted = this.parts.catalog.version(run.workflow, run.version);
    if (!hosted) throw unhosted(id, run.workflow, run.version);
    return { run, hosted };
  }
}

function unhosted(id: string, workflow: string, version: number): StepwellError {
  return new StepwellError('RUN_NOT_FORKABLE', { id, reason: `this server does not host version ${version} of workflow "${workflow}".` });
}

/** The run's input, with these fields in the place of its own. */
function laidOver(input: Json | undefined, overrideData: unknown): unknown {
  if (![input ?? null, overrideData].every((value) => typeof value === 'object' && value !== null && !Array.isArray(value)))
    throw new StepwellError('INPUT_INVALID', { reason: 'overrideData is an object of fields, for a run whose input is one, too.' });
  return { ...(input as object), ...(overrideData as object) };
}
