/**
 * Runs that go on in another installation. The one that it comes from closes the run, and only then gives out a text with its whole journal, for
 * one destination that it names; that one takes it in, once. Both have the same secret, by which each knows what the other has signed.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import {
  type Clock,
  DEFAULT_QUEUE,
  type Fact,
  fold,
  forkAt,
  type ForkStartedPayload,
  type HostedWorkflow,
  openNodes,
  type RunState,
  startTerms,
  type WakeUpQueue,
} from '@stepwell/engine';
import {
  appendInbox,
  inTransaction,
  lockWaitingRun,
  pgSql,
  reserveKeys,
  signingKey,
  type Sql,
  takeInRun,
  usedCheckpointKey,
  uuidV7,
} from '@stepwell/storage';
import type pg from 'pg';
import { type CheckpointTexts, nonceOfHold, type PortableCheckpoint } from './checkpoint-text.js';
import { refuseUnfit } from './lift-stop.js';
import { takenInput } from './taken-input.js';

const INSTALLATION = /^[0-9a-f]{16}$/;
/** Of the text, which has to fit into a request. */
const MAX_BYTES = 1024 * 1024;
/** As for a checkpoint of a hook. */
const GOOD_FOR_MS = 7 * 86_400_000;

export interface CarryParts {
  readonly pool: pg.Pool;
  readonly wakeUps: WakeUpQueue;
  readonly clock: Clock;
  readonly texts: CheckpointTexts;
}

/** Which installation a database is of: 16 hexadecimal digits, the same for ever. */
export async function installationId(sql: Sql): Promise<string> {
  return createHash('sha256')
    .update(`installation\n${await signingKey(sql)}`)
    .digest('hex')
    .slice(0, 16);
}

/**
 * Closes the run that stands at a checkpoint, for another installation. Who asks again for the same one gets the text again.
 *
 * @param facts the journal of the run
 * @param to the id of the other installation
 * @returns the text
 * @throws StepwellError CHECKPOINT_CARRIED, CHECKPOINT_USED, RUN_NOT_CARRIED, and what `refuseUnfit` throws
 */
export async function carryRun(
  { pool, texts, wakeUps, clock }: CarryParts,
  checkpoint: PortableCheckpoint,
  facts: readonly Fact[],
  { to, by, hosted }: { readonly to: string; readonly by: Actor | null; readonly hosted: HostedWorkflow },
): Promise<string> {
  const { tenant, runId, seq, workflow } = checkpoint;
  const carried = facts.findIndex(({ type }) => type === 'run.carried');
  if (carried >= 0) refuseCarried(runId, facts[carried], to);
  const journal = carried >= 0 ? facts.slice(0, carried) : facts;
  const nonce = nonceOfHold(runId, seq);
  const packed = deflateRawSync(JSON.stringify(journal)).toString('base64url');
  const text = texts.write({ ...checkpoint, nonce, context: null, expiresAt: clock.now() + GOOD_FOR_MS, carried: { to, facts: packed } });
  if (carried >= 0) return text;
  refuseUnfit(checkpoint, hosted, clock.now());
  const nowhere = texts.isShared ? whyNotThere(to, await installationId(pgSql(pool))) : NO_SECRET;
  const reason = nowhere ?? whyNot(fold(journal), seq, Buffer.byteLength(text));
  if (reason !== undefined) throw new StepwellError('RUN_NOT_CARRIED', { id: runId, reason });
  const queue = await inTransaction(pool, async (sql) => {
    const stands = await lockWaitingRun(sql, tenant, runId, journal.length);
    if (!stands)
      throw new StepwellError('RUN_NOT_CARRIED', { id: runId, reason: 'it is at work, has ended, or is one of a parent or a session.' });
    const reserved = await reserveKeys(sql, [{ tenant, workflow, key: usedCheckpointKey(nonce), runId }]);
    if (reserved.size === 0) throw new StepwellError('CHECKPOINT_USED', { id: runId });
    const payload = { seq, to, by: by as Json };
    const outcome = await appendInbox(sql, { tenant, runId, kind: 'run.carried', dedupeKey: 'carried', payload });
    return outcome.kind === 'accepted' ? outcome.queue : DEFAULT_QUEUE;
  });
  wakeUps.wake([queue]);
  return text;
}

/** @throws StepwellError CHECKPOINT_CARRIED, unless it was carried to this installation */
export function refuseCarried(id: string, carried: Fact | undefined, here?: string): void {
  const to = (carried?.payload as { readonly to?: string } | undefined)?.to;
  if (to !== undefined && to !== here) throw new StepwellError('CHECKPOINT_CARRIED', { id, to });
}

const NO_SECRET = 'no other installation could read its text. Give both the same STEPWELL_SECRET.';

function whyNotThere(to: string, here: string): string | undefined {
  if (!INSTALLATION.test(to)) return `"${to.slice(0, 64)}" is no id of an installation. Ask the other one: installation() says it.`;
  return to === here ? `${to} is this installation. Ask the other one for its id: installation() says it.` : undefined;
}

function whyNot({ holds, ...state }: RunState, seq: number, bytes: number): string | undefined {
  if (!holds.get(seq)?.isStopped || holds.size > 1) return 'it is not stopped at this checkpoint, or at others, too.';
  if (openNodes({ holds, ...state }).length > 0) return 'something else of it is under way.';
  return bytes > MAX_BYTES ? `its text would have ${bytes} bytes; at most ${MAX_BYTES} are carried.` : undefined;
}

/**
 * Takes a run in that another installation has closed: it goes on here, as another one.
 *
 * @param override gives the input of the run, with what is laid over it
 * @returns its id here
 * @throws StepwellError CHECKPOINT_ELSEWHERE, CHECKPOINT_USED, CHECKPOINT_MALFORMED, INPUT_INVALID
 */
export async function takeCarried(
  { pool, wakeUps, clock }: CarryParts,
  sql: Sql,
  checkpoint: PortableCheckpoint,
  hosted: HostedWorkflow,
  { actor, reason, override }: { actor: Actor | null; reason: string | null; override: (input: Json) => unknown },
): Promise<string> {
  const { tenant, runId, seq, workflow, version, nonce, carried } = checkpoint;
  if (!carried) throw new StepwellError('CHECKPOINT_MALFORMED');
  if (carried.to !== (await installationId(sql))) throw new StepwellError('CHECKPOINT_ELSEWHERE', { id: runId, to: carried.to });
  const journal = JSON.parse(inflateRawSync(Buffer.from(carried.facts, 'base64url')).toString()) as readonly Fact[];
  const fork = forkAt(hosted.graph, journal, { behind: journal.length });
  if (!fork) throw new StepwellError('CHECKPOINT_MALFORMED');
  const input = await takenInput(sql, tenant, hosted, override(fork.state.input));
  const payload: ForkStartedPayload = { runId, by: actor, reason, from: null, checkpoint: seq, ...fork.begun, input, outputs: [] };
  const own = { seq: journal.length + 1, type: 'fork.started', version: 1, path: '', iteration: '', attempt: 0, at: clock.now() };
  const facts = [...journal, { ...own, payload: payload as unknown as Json }];
  const terms = startTerms(hosted.definition, input);
  const id = uuidV7();
  await inTransaction(pool, async (within) => {
    const reserved = await reserveKeys(within, [{ tenant, workflow, key: usedCheckpointKey(nonce), runId: id }]);
    if (reserved.size === 0) throw new StepwellError('CHECKPOINT_USED', { id: runId });
    await takeInRun(within, { tenant, id, workflow, version, queue: DEFAULT_QUEUE, actor, ...terms, facts });
  });
  wakeUps.wake([DEFAULT_QUEUE]);
  return id;
}
