/** Steps that end the process they run in, by every way there is, in real processes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hostedWorkflows } from '@stepwell/runtime';
import { workflow, WorkflowModule } from '@stepwell/sdk';
import { type Process, startProcess } from '../engine/process.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { Way, WorkerHouse } from './worker-house.js';

const HEALTHY = 2_000;
const PATIENCE_MS = 150_000;
/** For the whole of a test. */
const LONG_MS = 400_000;

const ORDER = `sdk.workflow('order', { version: 1 })
  .then('look', () => 1)
  .then('work', async (ctx) => {
    const { how } = ctx.input;
    if (how === 'exit') process.exit(7);
    if (how === 'fill') for (const all = []; ; ) all.push(new Array(100_000).fill(all.length));
    if (how === 'loop') for (;;);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return 2;
  })
  .then('close', () => 3)`;

const CHOICE = `sdk.workflow('choice', { version: 1 })
  .when(() => process.exit(8), (yes) => yes.then('never', () => 1))`;

const AWAY = `sdk.workflow('away', { version: 1 })
  .then('far', () => process.exit(9), { queue: 'other' })`;

/** Until the file is there. */
const SLOW = `sdk.workflow('slow', { version: 1 })
  .then('hold', async (ctx) => { while (!existsSync(ctx.input.gate)) await new Promise((resolve) => setTimeout(resolve, 20)); })`;

/** What a test knows of them: enough to start runs. */
class Known {}
WorkflowModule({ workflows: ['order', 'choice', 'away', 'slow'].map((name) => workflow(name, { version: 1 }).then('x', () => 1)) })(Known);

let database: TestDatabase;
let client: Process;
let folder: string;
let house: WorkerHouse;
beforeEach(async () => {
  database = await createTestDatabase();
  const nobody = { get: () => ({}) as never, screen: () => ({}) as never };
  client = await startProcess(database.url, hostedWorkflows([Known]).catalog, nobody, { idle: true });
  folder = mkdtempSync(join(tmpdir(), 'stepwell-poison-'));
  house = new WorkerHouse(
    database.url,
    { leaseMs: 1_500, sweepMs: 300, hangMs: 4_000, memoryMb: 128 },
    [ORDER, CHOICE, AWAY, SLOW].join(', '),
  );
});
afterEach(async () => {
  await house.close();
  await client.stop();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const start = async (name: string, input: unknown = {}) =>
  (await client.runs.start({ tenant: 'default', workflow: name, input, actor: null })).runId;
const query = async <Row extends object>(text: string, values: unknown[] = []) => (await database.pool.query<Row>(text, values)).rows;

interface RunNow {
  readonly id: string;
  readonly status: string;
  readonly wait_reasons: string[];
  readonly crashes: string[] | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
}
const run = async (id: string) => (await query<RunNow>('SELECT * FROM runs WHERE id = $1', [id]))[0];
const count = async (condition: string) =>
  (await query<{ n: number }>(`SELECT count(*)::int AS n FROM runs WHERE ${condition}`))[0]?.n ?? 0;
const incidents = () =>
  query<{ run_id: string; path: string; payload: { cause: string; fault: { code: string; message: string; stack?: string } } }>(
    "SELECT run_id, path, payload FROM journal WHERE type = 'incident.opened' ORDER BY run_id",
  );

/** Leases have to run out, and processes to start: on a busy machine that takes its time. */
async function until<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean, what: string): Promise<T> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await pause(20)) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`${what}, but it is ${JSON.stringify(answer)}. ${house.output().slice(-2_000)}`);
  }
}
const isStopped = (id: string) =>
  until(
    () => run(id),
    // A message that comes while it waits queues it once more, and it waits again.
    (now) => now?.status === 'failed' || (now?.status === 'waiting' && now.wait_reasons.includes('incident')),
    'It should be stopped',
  );
const ENDED = 'ended the process that it ran in, three times, alone in it. The last time:';

it(
  'stops the one poison run among 2,000 healthy ones, with an incident that says where and how; all others complete',
  async () => {
    const starts = Array.from({ length: HEALTHY + 1 }, (_, index) => start('order', { how: index === 100 ? 'exit' : 'well' }));
    const poison = (await Promise.all(starts))[100] as string;
    await house.start();
    for (const done of [500, 1_200]) {
      await until(
        () => count("status = 'completed'"),
        (n) => n >= done,
        `${done} runs should be completed`,
      );
      house.killAll();
    }
    await until(
      () => count("status = 'completed'"),
      (n) => n === HEALTHY,
      'All healthy runs should be completed',
    );
    expect(await isStopped(poison)).toMatchObject({ status: 'waiting', wait_reasons: ['incident'], error_code: 'PROCESS_ENDED' });
    expect(await incidents()).toMatchObject([{ run_id: poison, path: 'work', payload: { cause: 'poison' } }]);
    expect((await incidents())[0]?.payload.fault.message).toBe(`Step "work" ${ENDED} exit code 7.`);
    // With what we killed it was blamed twice; then it ended only processes of its own. Who was there as well is no suspect any more.
    expect(house.crashes.length).toBeLessThanOrEqual(2);
    expect(new Set(house.crashes)).toEqual(new Set(['code 7']));
    expect(await count('crashes IS NOT NULL')).toBe(1);
  },
  LONG_MS,
);

it(
  'stops what fills the memory, never gives the event loop back, or ends its process in a condition or on another queue',
  async () => {
    const hows = ['fill', 'loop'];
    const orders = await Promise.all(hows.map((how) => start('order', { how })));
    const [choice, away, healthy] = [await start('choice'), await start('away'), await start('order')];
    await Promise.all([house.start(), house.start({ queues: ['other'] })]);
    const stopped = await Promise.all(orders.map(isStopped));
    expect(stopped.map((now) => now?.error_message)).toEqual([`Step "work" ${ENDED} out of memory.`, `Step "work" ${ENDED} a hang.`]);
    expect(await isStopped(away)).toMatchObject({ status: 'waiting', error_message: `Step "far" ${ENDED} exit code 9.` });
    expect(await count(`EXISTS (SELECT FROM dispatches d WHERE d.run_id = runs.id)`)).toBe(0);
    // A condition that throws fails its run; so does one that does worse.
    expect(await isStopped(choice)).toMatchObject({ status: 'failed', error_message: expect.stringContaining('exit code 8') as string });
    await until(
      () => run(healthy),
      (now) => now?.status === 'completed',
      'The healthy one should be completed',
    );
    const [filled] = await incidents();
    expect(filled?.payload.fault.stack).toContain('heap out of memory');

    // Whoever retries it gets three more of its own processes, and no worker ends.
    const before = house.crashes.length;
    await client.retries.retry({ tenant: 'default', runId: away, actor: null, reason: null });
    await until(incidents, (all) => all.length === 4, 'It should be stopped again');
    expect(house.crashes.length).toBe(before);
  },
  LONG_MS,
);

it(
  'counts neither a stop in order, nor a database that is away, nor a worker that was only frozen',
  async () => {
    const gate = join(folder, 'gate');
    const way = await Way.to(database.url);
    const slow = await start('slow', { gate });
    const isHeld = () =>
      until(
        () => run(slow),
        (now) => now?.status === 'running',
        'It should be at work',
      );
    const crashes = async () => (await run(slow))?.crashes;

    const first = await house.start({ databaseUrl: way.url });
    await isHeld();
    const leases = (are: '<' | '>') =>
      until(
        () => query(`SELECT FROM workers WHERE expires_at ${are} clock_timestamp() AND ended_at IS NULL`),
        (rows) => rows.length === 1,
        `A lease should be ${are}`,
      );
    way.cut();
    await leases('<');
    way.mend();
    await leases('>');
    expect([first.exitCode, await crashes()]).toEqual([null, null]);

    await house.stop();
    expect(await run(slow)).toMatchObject({ status: 'queued', crashes: null });

    const frozen = await house.start();
    await isHeld();
    frozen.kill('SIGSTOP');
    await house.start();
    await until(crashes, (one) => one?.length === 1, 'It should be blamed');
    frozen.kill('SIGCONT');
    await until(crashes, (one) => one === null, 'It should be forgiven');
    writeFileSync(gate, '');
    await until(
      () => run(slow),
      (now) => now?.status === 'completed',
      'It should be completed',
    );
    expect(house.crashes).toEqual([]);
    way.close();
  },
  LONG_MS,
);
