/** A database that is away, takes nothing or has no room: who asks is told so, nothing is accepted meanwhile, and nobody's attempt has failed of it. */
import { randomBytes } from 'node:crypto';
import { workflow, WorkflowModule } from '@stepwell/sdk';
import { until } from '../engine/engine.js';
import { type Gate, gate } from '../engine/standing-between.js';
import type { ApiUser } from './api-app.js';
import { type Outage, OutageHouse, OUTAGES } from './outages.js';

/** Lets the step of the run that waits go on, by outage. */
const doors = new Map<string, { inside: Gate; mayGoOn: Gate }>(OUTAGES.map((outage) => [outage, { inside: gate(), mayGoOn: gate() }]));

const noted = workflow<{ text: string }>('noted', { version: 1 }).then('note', () => 'noted');
const caught = workflow<{ outage: string }>('caught', { version: 1 })
  .then('wait', async ({ input }) => {
    const door = doors.get(input.outage);
    door?.inside.open();
    await door?.mayGoOn.opened;
    return 'waited';
  })
  .then('file', (ctx) => ctx.transaction((manager) => manager.query('INSERT INTO filed (run_id) VALUES ($1)', [ctx.runId])));

@WorkflowModule({ workflows: [noted, caught] })
class OutagesModule {}

const START = 'mutation ($input: JSON!) { startRun(workflow: "noted", input: $input) { run { id } errors { code } } }';

describe('a database', () => {
  const house = new OutageHouse();
  let operator: ApiUser;
  beforeAll(async () => {
    await house.open({ workflowModules: [OutagesModule], worker: { leaseMs: 2_000, sweepMs: 300 } });
    await house.query('CREATE TABLE filed (run_id uuid)');
    operator = await house.api.as('operator');
  });
  afterAll(() => house.close());

  // What does not fit into a page that is there.
  const input = () => ({ text: randomBytes(20_000).toString('hex') });
  const start = (workflow: string, body: object) =>
    house.api.client().post(`/workflows/${workflow}/start`).set({ cookie: operator.cookie, 'x-stepwell-csrf': '1' }).send(body);
  const countKeyed = async (key: string) =>
    house.query<{ keys: number; runs: number }>(
      `SELECT count(*)::int AS keys, count(r.id)::int AS runs FROM run_keys k LEFT JOIN runs r ON r.id = k.run_id WHERE k.key = $1`,
      [key],
    );

  it.each(OUTAGES)(
    'that is in trouble (%s) accepts nothing and says DATABASE_UNAVAILABLE until it is back; no attempt fails of it',
    async (outage: Outage) => {
      const absence = house.absenceOf(outage);
      if (absence !== null) return console.info(`${outage} is left out: ${absence}.`);
      const { body } = await start('caught', { input: { outage } }).expect(201);
      const door = doors.get(outage);
      await door?.inside.opened;

      const refusal = { code: 'DATABASE_UNAVAILABLE', message: expect.stringContaining('Try again'), seconds: 2 };
      await until(
        async () => {
          await house.begin(outage);
          return start('noted', { input: input() });
        },
        ({ status }) => status !== 201,
        'It should be refused sometime',
      );
      const asked = { input: input(), idempotencyKey: `during ${outage}` };
      door?.mayGoOn.open();
      for (let times = 0; times < 3; times++) {
        const answer = await start('noted', asked);
        expect([answer.status, answer.body, answer.headers['retry-after']]).toEqual([503, refusal, '2']);
        // Also where nobody can be asked who it is, so that it comes to no operation.
        expect(await operator.ask(START, { input: input() })).toMatchObject({
          errors: [{ extensions: { code: refusal.code, retryable: true, retryAfter: 2 } }],
        });
      }

      await house.heal(outage);
      expect(await countKeyed(asked.idempotencyKey)).toEqual([{ keys: 0, runs: 0 }]);
      const taken = await until(
        () => start('noted', asked),
        ({ status, body }) => {
          if (status !== 201) expect([status, body]).toEqual([503, refusal]);
          return status === 201;
        },
        'It should be taken when the database is back',
      );
      expect(taken.body).toMatchObject({ existing: false });
      expect(await countKeyed(asked.idempotencyKey)).toEqual([{ keys: 1, runs: 1 }]);

      const [run] = await until(
        () => house.query<{ status: string }>('SELECT status FROM runs WHERE id = $1', [body.runId]),
        ([row]) => row?.status === 'completed' || row?.status === 'failed',
        'The run that was at work should end',
      );
      const facts = await house.query<{ type: string }>('SELECT type FROM journal WHERE run_id = $1 ORDER BY seq', [body.runId]);
      expect(run).toEqual({ status: 'completed' });
      expect(facts.map(({ type }) => type).filter((type) => type === 'attempt.failed')).toEqual([]);
      expect(await house.query('SELECT FROM filed WHERE run_id = $1', [body.runId])).toHaveLength(1);
    },
  );
});
