/**
 * The obvious ways that the engine rules warn of, planted one by one: the interleavings find each. So that a green run means something.
 */
import { claimRuns, flush, giveBack, statement } from '@stepwell/storage';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { type Ending, Interleaver } from './interleave.js';
import { checkInvariants, lookAt } from './invariants.js';
import type { Script } from './script.js';
import type { WorldName } from './world.js';
import { commitOf, endRuns, giveUp } from './scripts/flush.scripts.js';
import { claim, type ClaimedAndRead, giveBackOne } from './scripts/lease.scripts.js';

let database: TestDatabase;
let interleaver: Interleaver;
beforeAll(async () => {
  database = await createTestDatabase();
  interleaver = await Interleaver.open(database);
});
afterAll(async () => {
  await interleaver.close();
  await database.drop();
});

type Check = (ending: Ending) => Promise<void> | void;
const always: Check = async (ending) => checkInvariants(ending, await lookAt(database.pool, ending.world));
const meet = (a: Script, b: Script, world: WorldName, check = always) => interleaver.interleave({ a, b, world, check });

function planted<T = unknown>(name: string, run: Script<T>['run']): Script<T> {
  return { name, covers: [], worlds: [], run };
}

const TELL = statement('tell', `INSERT INTO inbox (tenant, run_id, kind, dedupe_key) VALUES ($1, $2, 'cancel.requested', 'late')`);
const WAKE_WAITING = statement(
  'wake-waiting',
  `UPDATE runs SET attention = attention + 1, status = 'queued' WHERE tenant = $1 AND id = $2 AND status = 'waiting'`,
);

const FLUSH_BY_SNAPSHOT = statement(
  'flush-by-snapshot',
  `WITH fenced AS MATERIALIZED (
     SELECT tenant, id, last_seq FROM runs WHERE tenant = $1 AND id = $2 AND epoch = 1),
   facts AS (
     INSERT INTO journal (tenant, run_id, seq, type, payload) SELECT tenant, id, last_seq + 1, 'step.completed', '{"by": "a"}' FROM fenced)
   UPDATE runs r SET last_seq = x.last_seq + 1 FROM fenced x WHERE r.tenant = x.tenant AND r.id = x.id`,
);

const DECIDE_FIRST = statement(
  'decide-first',
  `UPDATE tasks SET status = 'completed', version = version + 1 WHERE tenant = $1 AND id = $2 AND status = 'open'`,
);
const TELL_LATER = statement('tell-later', `UPDATE runs SET attention = attention + 1 WHERE tenant = $1 AND id = $2`);

const CLAIM_AND_READ = statement(
  'claim-and-read',
  `WITH claimed AS (
     UPDATE runs r SET status = 'running', worker = $1, epoch = r.epoch + 1
     FROM (SELECT tenant, id FROM runs WHERE status = 'queued' AND queue = $2 FOR NO KEY UPDATE SKIP LOCKED) c
     WHERE r.tenant = c.tenant AND r.id = c.id
     RETURNING r.tenant, r.id, r.last_seq, r.epoch)
   SELECT c.id, c.last_seq, (SELECT count(*)::int FROM journal j WHERE j.tenant = c.tenant AND j.run_id = c.id) AS facts FROM claimed c`,
);

describe('the interleavings find', () => {
  it('a wake-up that is lost because it asked for a waiting run', async () => {
    const broken = planted('wake-waiting', (session, { tenant, runs }) =>
      session.transaction(async (sql) => {
        await sql.query(TELL, [tenant, runs[0].id]);
        await sql.query(WAKE_WAITING, [tenant, runs[0].id]);
      }),
    );
    await expect(meet(giveUp, broken, 'running')).rejects.toThrow('Broken: the run waits with unread messages: late.');
  });

  it('a zombie that commits because its fence joins a snapshot', async () => {
    const broken = planted('flush-by-snapshot', (session, { tenant, runs }) =>
      session.transaction((sql) => sql.query(FLUSH_BY_SNAPSHOT, [tenant, runs[0].id])),
    );
    const check: Check = async (ending) => {
      const [run] = (await lookAt(database.pool, ending.world)).runs;
      if (ending.commits.join() === 'b,a') expect(run?.facts).toHaveLength(1);
    };
    await expect(meet(broken, giveBackOne, 'running', check)).rejects.toThrow(/Expected length: 1\s+Received length: 2/);
  });

  it('a deadlock between a task that is locked before its run and the end of the run', async () => {
    const broken = planted('decide-first', (session, { tenant, runs }) =>
      session.transaction(async (sql) => {
        await sql.query(DECIDE_FIRST, [tenant, runs[0].task]);
        await sql.query(TELL_LATER, [tenant, runs[0].id]);
      }),
    );
    const check: Check = ({ a, b }) => {
      for (const outcome of [a, b]) if (!outcome.ok) throw outcome.error;
    };
    await expect(meet(broken, endRuns, 'running', check)).rejects.toThrow('deadlock detected');
  });

  it('a fact that is skipped because the journal was read in the claim’s own statement', async () => {
    const broken = planted<readonly { readonly last_seq: number; readonly facts: number }[]>(
      'claim-and-read',
      (session, { workers, queue }) => session.transaction((sql) => sql.query(CLAIM_AND_READ, [workers[session.side], queue])),
    );
    // Another worker has the run for a moment, and writes a fact.
    const visit = planted('visit', async (session, world) => {
      const {
        runs: [run],
      } = await session.transaction((sql) =>
        claimRuns(sql, { worker: world.workers[session.side], queues: [world.queue], needs: [world.needs], limit: 1 }),
      );
      if (!run) return;
      const commit = {
        ...commitOf(world, 0, session.side, { kind: 'continue' }),
        runId: run.id,
        epoch: run.epoch,
        attention: run.attention,
        consumed: [],
      };
      await session.transaction((sql) => flush(sql, [commit]));
      await session.transaction((sql) => giveBack(sql, world.tenant, run.id, run.epoch));
    });
    const check: Check = ({ a }) => {
      const read = a.ok ? (a.value as readonly { last_seq?: number; run?: ClaimedAndRead['run']; facts: number }[]) : [];
      for (const { last_seq, run, facts } of read) expect(facts).toBe(last_seq ?? run?.last_seq);
    };
    await expect(meet(broken, visit, 'queued', check)).rejects.toThrow(/Expected: 2\s+Received: 1/);
    await expect(meet(claim, visit, 'queued', check)).resolves.toBeGreaterThan(1);
  });
});
