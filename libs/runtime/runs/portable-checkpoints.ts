/**
 * Checkpoints that leave the installation as a text, and come back once. The text says which run, where, and what it knew; going on from it is
 * a fork behind that checkpoint, and the key of its use is reserved in the same transaction, so that of two who come with one text one goes on.
 */
import { randomBytes } from 'node:crypto';
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import { contextAt, type Clock, type WakeUpQueue, type WorkflowCatalog } from '@stepwell/engine';
import {
  forkRun,
  inTransaction,
  MOST_CHECKPOINT_DAYS,
  pgSql,
  readJournals,
  readRuns,
  reserveKeys,
  type Sql,
  usedCheckpointKey,
} from '@stepwell/storage';
import type pg from 'pg';
import { graphFingerprint } from '../hosting/graph-fingerprint.js';
import { stayInSession } from '../sessions/take-session.js';
import { checkpointText, type PortableCheckpoint, readCheckpointText } from './checkpoint-text.js';
import { type CheckpointRef, mustFindCheckpoint } from './run-checkpoints.js';
import type { RunFork } from './run-fork.js';

/** What fits into a row, a message or a job of whoever keeps it. */
const MAX_CONTEXT_BYTES = 64 * 1024;
const MAX_HOURS = 24 * MOST_CHECKPOINT_DAYS;

export interface CheckpointUse {
  readonly tenant: string;
  readonly checkpoint: string;
  /** Laid over the input of the run, field by field; undefined for none. */
  readonly overrideData: unknown;
  readonly actor: Actor | null;
  readonly reason: string | null;
}

export interface PortableCheckpointParts {
  readonly pool: pg.Pool;
  readonly catalog: WorkflowCatalog;
  readonly forks: RunFork;
  readonly wakeUps: WakeUpQueue;
  readonly clock: Clock;
  /** Of the installation. */
  readonly key: string;
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
    const { run, graph } = await this.hosted(tenant, runId);
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
    const place = { tenant, runId, seq, workflow, version, path, iteration, fingerprint: graphFingerprint(graph) };
    const nonce = randomBytes(12).toString('base64url');
    return { text: checkpointText({ ...place, nonce, expiresAt, context }, this.parts.key), expiresAt: new Date(expiresAt) };
  }

  /**
   * @returns the id of the run that goes on
   * @throws StepwellError CHECKPOINT_MALFORMED, CHECKPOINT_TAMPERED, CHECKPOINT_EXPIRED, CHECKPOINT_STEP_UNKNOWN, CHECKPOINT_GRAPH_CHANGED,
   *   CHECKPOINT_USED, and what a fork is refused for
   */
  async use({ tenant, checkpoint: text, overrideData, actor, reason }: CheckpointUse): Promise<string> {
    const checkpoint = readCheckpointText(text, this.parts.key);
    const { runId, seq, workflow, nonce } = checkpoint;
    // Who is of another tenant learns no more than that.
    if (checkpoint.tenant !== tenant) throw new StepwellError('CHECKPOINT_TAMPERED');
    await this.mustFit(checkpoint);
    const input = overrideData === undefined ? undefined : laidOver(checkpoint, overrideData);
    const request = { tenant, runId, from: null, checkpoint: seq, input, outputs: [], actor, reason };
    const forked = await this.parts.forks.prepare(request);
    const queue = await inTransaction(this.parts.pool, async (sql) => {
      await stayInSession(sql, forked);
      const reserved = await reserveKeys(sql, [{ tenant, workflow, key: usedCheckpointKey(nonce), runId: forked.newId }]);
      if (reserved.size === 0) throw new StepwellError('CHECKPOINT_USED', { id: runId });
      return forkRun(sql, forked);
    });
    if (queue === undefined) throw new StepwellError('RUN_NOT_FOUND', { id: runId });
    this.parts.wakeUps.wake([queue]);
    return forked.newId;
  }

  private async mustFit({ tenant, runId: id, workflow, version, path, fingerprint, expiresAt }: PortableCheckpoint): Promise<void> {
    if (expiresAt <= this.parts.clock.now())
      throw new StepwellError('CHECKPOINT_EXPIRED', { id, until: new Date(expiresAt).toISOString() });
    const { graph } = await this.hosted(tenant, id);
    if (!graph.byPath.has(path)) throw new StepwellError('CHECKPOINT_STEP_UNKNOWN', { id, path, workflow, version });
    if (graphFingerprint(graph) !== fingerprint) throw new StepwellError('CHECKPOINT_GRAPH_CHANGED', { id, workflow, version });
  }

  private async hosted(tenant: string, id: string) {
    const run = (await readRuns(this.sql, tenant, [id])).get(id);
    if (!run) throw new StepwellError('RUN_NOT_FOUND', { id });
    const hosted = this.parts.catalog.version(run.workflow, run.version);
    const reason = `this server does not host version ${run.version} of workflow "${run.workflow}".`;
    if (!hosted) throw new StepwellError('RUN_NOT_FORKABLE', { id, reason });
    return { run, graph: hosted.graph };
  }
}

/** The run's input, with these fields in the place of its own. */
function laidOver({ context }: PortableCheckpoint, overrideData: unknown): unknown {
  const { input = null } = (context ?? {}) as { input?: Json };
  if (![input, overrideData].every((value) => typeof value === 'object' && value !== null && !Array.isArray(value)))
    throw new StepwellError('INPUT_INVALID', { reason: 'overrideData is an object of fields, for a run whose input is one, too.' });
  return { ...(input as object), ...(overrideData as object) };
}
