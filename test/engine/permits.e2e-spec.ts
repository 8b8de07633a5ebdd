/** Caps under kill -9: real worker processes die with leases and permits in their hands, and nobody else ever has one too many. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type Program, compileProgram } from '../crash/program.js';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { paired, single } from './capped.workflows.js';
import { logLeases, mostAlive, mostLeases } from './lease-log.js';

const RUNS = 120;
const KILLS = 3;

interface Victim {
  readonly id: string;
  readonly pid: number;
}

describe('caps over runs, when workers are killed with kill -9', () => {
  const children = new Set<ChildProcess>();
  const killed: string[] = [];
  let isOver = false;
  let program: Program;
  let engine: Engine;
  beforeAll(async () => {
    program = await compileProgram(process.cwd());
    // This process only starts runs.
    engine = await startEngine({ workflows: [paired, single], idle: true });
    await logLeases(engine.database.pool);
    await Promise.all([spawnWorker(), spawnWorker(), spawnWorker()]);
  });
  afterAll(async () => {
    isOver = true;
    for (const child of [...children].filter(({ exitCode }) => exitCode === null)) {
      const gone = once(child, 'exit');
      child.stdin?.end();
      await gone;
    }
    await engine.close();
    rmSync(program.folder, { recursive: true });
  });

  async function spawnWorker(): Promise<void> {
    const child = spawn(process.execPath, [program.cappedWorker, engine.database.url], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.add(child);
    const ended = once(child, 'exit').then(([code]) => {
      // One that took a dead one's place may still begin when the test is over.
      if (code !== null && !isOver) throw new Error(`A worker ended by itself with code ${String(code)}.`);
    });
    await Promise.race([once(child.stdout, 'data'), ended]);
  }

  /** Kills the worker with the most leases, and starts another. @returns how many runs it left leased */
  async function kill(): Promise<number> {
    const [victim] = (await until(
      () =>
        engine.query<Victim>(
          `SELECT w.id, w.pid FROM runs r JOIN workers w ON w.id = r.worker WHERE r.status = 'running' AND w.pid = ANY($1)
          GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1`,
          [[...children].map(({ pid }) => pid)],
        ),
      (rows) => rows.length > 0,
      'Some worker should have a lease',
    )) as [Victim];
    const child = [...children].find(({ pid }) => pid === victim.pid);
    if (!child) throw new Error(`Worker ${victim.pid} is none of ours.`);
    children.delete(child);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    killed.push(victim.id);
    const held = await engine.query(`SELECT id FROM runs WHERE worker = $1 AND status = 'running'`, [victim.id]);
    void spawnWorker();
    return held.length;
  }

  it('they hold for every lease, no permit is lost with its worker, and every run ends', async () => {
    const start = (index: number) =>
      engine.runs.start({
        tenant: TENANT,
        workflow: index % 4 === 0 ? 'single' : 'paired',
        input: { key: `key-${index % 3}`, ms: 20 + (index % 7) * 20 },
        actor: null,
      });
    const startSome = () => Promise.all(Array.from({ length: RUNS / (KILLS + 1) }, (_, index) => start(index)));
    const done = async () => (await engine.query(`SELECT id FROM runs WHERE status = 'completed'`)).length;
    let reached = 0;
    /** Waits as long as it goes on: a standstill fails. */
    const atLeast = async (count: number) => {
      while (reached < count) {
        const next = Math.min(reached + 5, count);
        reached = await until(done, (ended) => ended >= next, `${next} of ${RUNS} runs should have completed`);
      }
    };
    let orphans = 0;
    for (let number = 1; number <= KILLS; number++) {
      await startSome();
      orphans += await kill();
      // A run that is there when two workers die goes on in isolation only, which these workers have not. Who held a run that nobody has
      // taken over yet is not blamed yet, either.
      await until(
        () =>
          engine.query(`SELECT id FROM runs WHERE status IN ('queued', 'running') AND (crashes IS NOT NULL OR worker::text = ANY($1))`, [
            killed,
          ]),
        (blamed) => blamed.length === 0,
        'What the last kill left behind should have gone on',
      );
    }
    await startSome();
    await atLeast(RUNS);
    expect(orphans).toBeGreaterThan(0);
    expect(await mostLeases(engine.database.pool)).toMatchObject(ofKeys('paired', 2));
    expect(await mostAlive(engine.database.pool)).toMatchObject(ofKeys('single', 1));
    expect(await engine.query('SELECT * FROM permits')).toEqual([]);
    // Each kill costs a lease; a busy machine takes its time.
  }, 180_000);
});

function ofKeys(workflow: string, most: number): Readonly<Record<string, number>> {
  return Object.fromEntries([0, 1, 2].map((key) => [`${TENANT}/${workflow}/key-${key}`, most]));
}
