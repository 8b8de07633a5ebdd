/**
 * What must hold when two sessions are through, whoever they were and in whatever order they went. The rest (who may win against whom)
 * is said by the specs of single pairs.
 */
import type pg from 'pg';
import { BOTH, type Side } from './gates.js';
import type { Ending } from './interleave.js';
import { EARLIER_MESSAGE, type World } from './world.js';

export interface RunNow {
  readonly id: string;
  readonly status: string;
  readonly worker: string | null;
  readonly epoch: number;
  readonly attention: number;
  readonly last_seq: number;
  readonly facts: readonly { readonly seq: number; readonly type: string; readonly by: Side | null }[];
  readonly messages: readonly string[];
}

export interface TaskNow {
  readonly id: string;
  readonly run_id: string;
  readonly status: string;
  readonly version: number;
  readonly claimed_by: string | null;
  readonly decided_by: string | null;
  readonly draft: string | null;
  readonly draft_version: number;
  readonly history: readonly string[];
}

export interface WorldNow {
  readonly runs: readonly RunNow[];
  readonly tasks: readonly TaskNow[];
}

const RUNS = `SELECT id, status, worker, epoch, attention, last_seq,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('seq', seq, 'type', type, 'by', payload ->> 'by') ORDER BY seq), '[]') FROM journal j WHERE j.tenant = r.tenant AND j.run_id = r.id) AS facts,
    ARRAY(SELECT dedupe_key FROM inbox i WHERE i.tenant = r.tenant AND i.run_id = r.id ORDER BY dedupe_key) AS messages
  FROM runs r WHERE tenant = $1`;
const TASKS = `SELECT id, run_id, status, version, claimed_by ->> 'id' AS claimed_by, decided_by ->> 'id' AS decided_by, draft ->> 'by' AS draft, draft_version,
    ARRAY(SELECT kind FROM task_history h WHERE h.tenant = t.tenant AND h.task_id = t.id ORDER BY id) AS history
  FROM tasks t WHERE tenant = $1`;
/** One statement, planned once: it looks at the ten thousand. */
const LOOK = `SELECT (SELECT coalesce(jsonb_agg(r ORDER BY id), '[]') FROM (${RUNS}) AS r) AS runs, (SELECT coalesce(jsonb_agg(t ORDER BY id), '[]') FROM (${TASKS}) AS t) AS tasks`;

/** The world as the database now has it; runs and tasks in the order of their ids. */
export async function lookAt(pool: pg.Pool, { tenant }: World): Promise<WorldNow> {
  const { rows } = await pool.query<WorldNow>({ name: 'look-at-world', text: LOOK, values: [tenant] });
  return rows[0] as WorldNow;
}

const TERMINAL = ['completed', 'failed', 'canceled'];

/** @throws Error that says what is broken */
export function checkInvariants({ world, a, b }: Ending, { runs, tasks }: WorldNow): void {
  // No deadlock, and nothing else that a statement of ours may not meet.
  for (const [side, outcome] of [
    ['a', a],
    ['b', b],
  ] as const) {
    if (!outcome.ok) throw new Error(`Session ${side} failed: ${String(outcome.error)}`, { cause: outcome.error });
  }
  for (const run of runs) checkRun(world, run);
  for (const task of tasks)
    checkTask(
      task,
      runs.find(({ id }) => id === task.run_id),
    );
}

function checkRun(world: World, run: RunNow): void {
  const seqs = run.facts.map(({ seq }) => seq);
  must(
    seqs.every((seq, index) => seq === index + 1) && seqs.length === run.last_seq,
    `the journal is ${seqs.join(', ')}, but the run row says ${run.last_seq}`,
  );
  // One flush wrote its facts whole, or nothing.
  for (const side of BOTH) {
    const written = run.facts.filter(({ by }) => by === side).map(({ type }) => type);
    must(written.length <= 2 && new Set(written).size === written.length, `session ${side} wrote ${written.join(', ')}`);
  }
  const isLeased = run.status === 'running';
  must(isLeased === (run.worker !== null), `the run is ${run.status} with worker ${run.worker}`);
  const hasEnded = run.facts.some(({ type }) => type === 'run.ended');
  must(hasEnded === TERMINAL.includes(run.status), `the run is ${run.status}, but its journal has ${hasEnded ? 'ended' : 'not ended'}`);
  // No lost wake-up: what is unread is looked for by whoever claims the run, or by its owner, who has read less than there is.
  if (run.messages.length === 0) return;
  const before = world.runs.find(({ id }) => id === run.id);
  must(!TERMINAL.includes(run.status), `the run has ended with unread messages: ${run.messages.join(', ')}`);
  must(run.status !== 'waiting', `the run waits with unread messages: ${run.messages.join(', ')}`);
  must(run.status !== 'paused' || !run.messages.includes('cancel'), 'the run is paused with an unread cancel');
  const isKnown = run.messages.every((key) => key === EARLIER_MESSAGE);
  must(
    isKnown || run.attention > (before?.attention ?? 0),
    `messages came (${run.messages.join(', ')}), but attention is still ${run.attention}`,
  );
}

function checkTask({ status, history, version, claimed_by }: TaskNow, run: RunNow | undefined): void {
  const decisions = history.filter((kind) => kind === 'completed' || kind === 'canceled');
  const isDecided = TERMINAL.includes(status);
  must(decisions.length === (isDecided ? 1 : 0), `the task is ${status}, but was decided ${decisions.length} times`);
  must(!isDecided || claimed_by === null, 'a decided task is still claimed');
  must((status === 'claimed') === (claimed_by !== null), `the task is ${status}, claimed by ${claimed_by}`);
  must(!run || !TERMINAL.includes(run.status) || isDecided, `the run has ended, but its task is ${status}`);
  must(
    version >= 1 + history.filter((kind) => kind !== 'opened' && kind !== 'drafted').length - 1,
    `version ${version} for ${history.join(', ')}`,
  );
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`Broken: ${otherwise}.`);
}
