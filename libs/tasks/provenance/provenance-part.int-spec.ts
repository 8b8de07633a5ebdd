/** The chain of decisions as the API tells it: what covers one task, and part by part. */
import { pgSql } from '@stepwell/storage';
import { person, refusal, type SeededTask, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';
import { contentHash } from './canonical-hash.js';
import { Provenance } from './provenance.js';
import { sealKeys } from './seal.js';
import { sealTenant } from './seal-tenant.js';

const keys = sealKeys('k'.repeat(32));
const SEALS = 7;

describe('the chain of decisions over the API', () => {
  let desk: TaskDesk;
  let provenance: Provenance;
  const tasks: SeededTask[] = [];
  beforeAll(async () => {
    desk = await TaskDesk.open();
    provenance = new Provenance(pgSql(desk.pool), keys);
    for (let index = 0; index < SEALS; index++) tasks.push(await decided());
    await sealTenant(desk.pool, TENANT, keys[0]);
  });
  afterAll(() => desk.close());

  async function decided(): Promise<SeededTask> {
    const task = await desk.seed();
    await complete(task.id, 'Ann', 1);
    return task;
  }
  const complete = (id: string, who: string, expectedVersion: number) =>
    desk.tasks.complete({ tenant: TENANT, id, actor: person(who), expectedVersion, answer: { verdict: 'yes' } });
  async function sealsOf(id = '', chain = provenance, tenant = TENANT) {
    const task = await desk.tasks.get(TENANT, id);
    return task ? chain.ofTask(tenant, task) : [];
  }
  const part = (after: string | null, most: number, tenant = TENANT) => provenance.verify(tenant, { after, most });
  const headOf = ({ head }: Awaited<ReturnType<typeof part>>) => (head ? `${head.seq}:${head.hash}` : null);

  /** As long as `look` looks, what `lies` have done to the tables is so. */
  async function among<T>(lies: readonly string[], look: (lied: Provenance) => Promise<T>): Promise<T> {
    const client = await desk.pool.connect();
    try {
      await client.query('BEGIN');
      for (const lie of lies) await client.query(lie);
      return await look(new Provenance(pgSql(client), keys));
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  }

  it('is looked at part by part, each from behind the one before, and ends where all of it at once ends', async () => {
    const whole = await part(null, 1_000);
    expect(whole).toMatchObject({ sealed: SEALS, keyed: SEALS, last: SEALS, problems: [], head: { seq: SEALS } });
    let after: string | null = null;
    const seen: number[] = [];
    do {
      const next = await part(after, 3);
      expect(next).toMatchObject({ problems: [], last: SEALS });
      seen.push(next.sealed);
      after = headOf(next);
    } while (after !== headOf(whole));
    expect(seen).toEqual([3, 3, 1]);
    expect(await part(after, 3)).toMatchObject({ sealed: 0, head: { seq: SEALS }, problems: [] });
    expect(await part(null, 1_000, 'other')).toEqual({ sealed: 0, keyed: 0, dropped: 0, head: null, last: 0, problems: [] });
  });

  it('ends a part early when its records are large', async () => {
    const grown = `UPDATE decisions SET record = jsonb_build_object('props', repeat('x', 9000000)) WHERE id IN (SELECT id FROM decision_seals WHERE seq IN (2, 3))`;
    expect(await among([grown], (lied) => lied.verify(TENANT, { after: null, most: 1_000 }))).toMatchObject({ sealed: 3, head: { seq: 3 }, last: SEALS }); // prettier-ignore
  });

  const changeRecord = (seq: number) =>
    `UPDATE decisions SET record = record || '{"answer": 1}' WHERE id = (SELECT id FROM decision_seals WHERE seq = ${seq})`;

  it.each([
    ['a record of the part', changeRecord(5), /changed after its seal \(5\)/],
    ['a seal of the part that was removed', `DELETE FROM decision_seals WHERE seq = 5`, /Between the seals 4 and 6/],
    ['the seal that it is after', `UPDATE decision_seals SET hash = repeat('0', 64) WHERE seq = 3`, /Seal 3 is not the one that is named/],
    ['its first seal, made without the key', `UPDATE decision_seals SET key_id = NULL WHERE seq = 4`, /Seal 4 was made without the key/],
    ['a form', `UPDATE forms SET form = '{}'`, /The form \w+ was changed/],
  ])('shows in a part what is wrong with %s', async (_, lie, told) => {
    const after = headOf(await part(null, 3));
    const { problems } = await among([lie], (lied) => lied.verify(TENANT, { after, most: 4 }));
    expect(problems).toContainEqual(expect.stringMatching(told));
  });

  it('asks for a seal by number and hash, and for so many', async () => {
    const asked: [string | null, number][] = [['3', 1], ['3:x', 1], [`0:${'a'.repeat(64)}`, 1], [null, 0], [null, 1_001], [null, 1.5]]; // prettier-ignore
    for (const [after, most] of asked) expect(await refusal(part(after, most))).toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('says of a task where its record is sealed, and what is wrong with it, or with its place between the seals beside it', async () => {
    const seal = {
      id: expect.any(String),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      sealedAt: expect.any(String),
      isVerified: true,
      isLate: false,
      problems: [],
      notes: [],
    };
    for (const [index, { id }] of tasks.entries()) expect(await sealsOf(id)).toEqual([{ ...seal, number: index + 1 }]);
    expect(await sealsOf(tasks[0]?.id, provenance, 'other')).toEqual([]);
    const told = (lies: readonly string[]) =>
      among(lies, async (lied) => {
        const problems: string[][] = [];
        for (const { id } of tasks) problems.push((await sealsOf(id, lied)).flatMap((one) => one.problems));
        return problems;
      });
    expect(await told([changeRecord(4)])).toEqual([[], [], [], [expect.stringContaining('after its seal (4)')], [], [], []]);
    expect(await told([`DELETE FROM decision_seals WHERE seq = 6`])).toEqual([
      ...[[], [], [], [], [expect.stringContaining('Between the seals 5 and 7'), expect.any(String)]],
      ...[[expect.stringContaining('was inserted')], [expect.stringContaining('Seal 7 was changed, or what stood before it')]],
    ]);
    expect((await told([`DELETE FROM decisions WHERE task_id = '${tasks[6]?.id}'`]))[6]).toEqual([expect.stringContaining('was removed')]);
  });

  it('says of a task that its record was sealed late', async () => {
    const aged = `UPDATE decision_seals SET id = uuid_floor('2020-01-01') WHERE seq = 7`;
    const record = `UPDATE decisions SET id = uuid_floor('2020-01-01') WHERE task_id = '${tasks[6]?.id}'`;
    const [seal] = await among([aged, record], (lied) => sealsOf(tasks[6]?.id, lied));
    expect(seal).toMatchObject({ isLate: true, notes: [expect.stringContaining('hours after its decision')] });
  });

  it('takes it for no sign that something is wrong when its seal is from before there was a key, or its key is not known any more', async () => {
    const tenant = 'keyless';
    const { id } = await desk.seed({ tenant });
    await desk.tasks.complete({ tenant, id, actor: person('Ann'), expectedVersion: 1, answer: { verdict: 'yes' } });
    await sealTenant(desk.pool, tenant, undefined);
    const task = { id, reviews: null, status: 'completed' } as const;
    expect(await provenance.ofTask(tenant, task)).toMatchObject([
      { isVerified: true, problems: [], notes: [expect.stringContaining('without the key')] },
    ]);
    const notes = [expect.stringContaining('which is not given')];
    expect(await sealsOf(tasks[3]?.id, new Provenance(pgSql(desk.pool), []))).toMatchObject([{ isVerified: false, problems: [], notes }]);
  });

  it('says of a task that its record is not sealed yet; and nothing of answers that are hidden: who has a hash can try them out', async () => {
    const { id } = await desk.seed({ reviews: { required: 2, of: 2, isBlind: true, compare: null, settledBy: null, users: null, groups: null } }); // prettier-ignore
    await complete(id, 'Ann', 1);
    await sealTenant(desk.pool, TENANT, keys[0]);
    expect(await sealsOf(id)).toEqual([]);
    await complete(id, 'Bob', 2);
    expect(await sealsOf(id)).toMatchObject([{ number: SEALS + 1, problems: [] }, { number: null, hash: null, sealedAt: null, problems: [] }]); // prettier-ignore
  });

  it('has hashes that tell nothing of an answer: each covers a salt, which is in the record only', async () => {
    const { rows } = await desk.pool.query<{ record: Record<string, string>; content: string }>(
      'SELECT record, content FROM decisions JOIN decision_seals USING (tenant, task_id, id) WHERE seq IS NOT NULL',
    );
    expect(new Set(rows.map(({ record }) => record['salt'])).size).toBe(rows.length);
    for (const { record, content } of rows) {
      const { salt, ...guessed } = record;
      expect(salt).toMatch(/^[0-9a-f]{32}$/);
      expect([contentHash(record), contentHash(guessed)]).toEqual([content, expect.not.stringMatching(content)]);
    }
  });
});
