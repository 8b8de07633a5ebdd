/** Each check of the load has a lie that it finds out; of a database in which nothing has happened it says nothing but that. */
import { uuidV7 } from '@stepwell/storage';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../postgres/test-database.js';
import { LOAD_CHECKS } from './load-checks.js';

const OPERATIONS = `CREATE TEMP TABLE operations (op int PRIMARY KEY, kind text NOT NULL, sent_at timestamptz NOT NULL DEFAULT now(), about jsonb NOT NULL,
  acknowledged_at timestamptz DEFAULT now(), tries int, result jsonb)`;
const NOTHING_SHOWN = 'with less, nothing was shown';

describe('the checks of the load', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(OPERATIONS);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  beforeEach(() => client.query('BEGIN'));
  afterEach(() => client.query('ROLLBACK'));

  const found = async (): Promise<string[]> => {
    const broken: string[] = [];
    for (const { sentence, sql } of LOAD_CHECKS) if ((await client.query(sql)).rows.length > 0) broken.push(sentence);
    return broken.filter((sentence) => !sentence.includes(NOTHING_SHOWN));
  };
  const run = async (workflow: string, status: string, input: object, outputs: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const id = uuidV7();
    const facts = Object.entries(outputs);
    await client.query(
      `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, last_seq, started_by, lineage_root, ended_at)
       VALUES ('default', $1, $2::text, 1, $2::text || '@1', 'default', $3, $4, 'api', $1, CASE WHEN $3 IN ('completed', 'canceled') THEN now() END)`,
      [id, workflow, status, 1 + facts.length],
    );
    const add = (seq: number, type: string, path: string, payload: object) =>
      client.query(
        `INSERT INTO journal (tenant, run_id, seq, type, path, iteration, attempt, payload) VALUES ('default', $1, $2, $3, $4, '', 1, $5)`,
        [id, seq, type, path, payload],
      );
    await add(1, 'run.started', '', { input });
    for (const [index, [path, output]] of facts.entries()) await add(index + 2, 'step.completed', path, { output });
    return id;
  };
  const operation = (op: number, kind: string, about: object) =>
    client.query('INSERT INTO operations (op, kind, about, result) VALUES ($1, $2, $3, $4)', [op, kind, about, { won: true }]);
  const task = async (
    status: string,
    given: readonly { verdict: string; by: string; person: string }[],
    verdict: string | null,
  ): Promise<string> => {
    const id = uuidV7();
    const runId = await run('panel', 'waiting', {});
    const reviews = { given: given.map(({ person, ...answer }) => ({ by: { id: person }, answer })) };
    await client.query(
      `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, status, reviews, answer, decided_by, form, props)
       VALUES ('default', $1, $2, 'judge', '', 'panel', 1, 'judge', 'Judge', '', $3, $4, $5, $6, '{}', '{}')`,
      [id, runId, status, reviews, verdict === null ? null : { verdict }, status === 'completed' ? { id: 'ann' } : null],
    );
    return id;
  };

  it('find nothing where nothing is', async () => expect(await found()).toEqual([]));

  it('know how little was shown', async () => {
    for (const { sql } of LOAD_CHECKS.filter(({ sentence }) => sentence.includes(NOTHING_SHOWN)))
      expect((await client.query(sql)).rows.length).toBeGreaterThan(10);
  });

  it('find a result that nobody has read', async () => {
    await operation(1, 'settle', { run: await run('awaiting', 'waiting', {}), value: 1 });
    expect(await found()).toEqual(['no awaiting run waits for a result that was acknowledged']);
  });

  it('find a result that nobody had, and one that was not the first', async () => {
    await operation(1, 'settle', { run: await run('awaiting', 'completed', {}, { conclude: 2 }), value: 1 });
    expect(await found()).toEqual(['each awaiting run came to the result that was taken, and to one that somebody had']);
  });

  it('find a node that was injected and not executed', async () => {
    await operation(7, 'inject', { run: await run('awaiting', 'completed', {}) });
    expect(await found()).toEqual(['each node whose injection was acknowledged was executed once']);
  });

  it('find a run that has not heard of its cancel', async () => {
    await run('withdrawn', 'waiting', { op: 3 });
    await client.query(`INSERT INTO events (tenant, id, name, payload) VALUES ('default', $1, 'faults.withdrawn', '{"op": 3}')`, [
      uuidV7(),
    ]);
    expect(await found()).toEqual(['no run lives whose event to cancel it has come']);
  });

  it.each([
    ['mixed', 'completed', 'faults.go'],
    ['withdrawn', 'canceled', 'faults.withdrawn'],
  ])('find a run of %s that was %s by a stranger', async (workflow, status, event) => {
    await run(workflow, status, { op: 3 });
    const say = (tenant: string, when: string) => client.query(`INSERT INTO events (tenant, id, name, payload, emitted_at) VALUES ($1, $2, $3, '{"op": 3}', now() + $4::interval)`, [tenant, uuidV7(), event, when]); // prettier-ignore
    await say('neighbor', '-1 second');
    // What its own tenant has said too late for it excuses nobody.
    await say('default', '1 second');
    expect(await found()).toEqual(['no run has gone on, or was canceled, by what only another tenant has said']);
    await say('default', '-1 second');
    expect(await found()).toEqual([]);
  });

  it('find a run that has gone on by an event of another tenant', async () => {
    const [id, event] = [await run('called', 'completed', {}), uuidV7()];
    await client.query(`INSERT INTO events (tenant, id, name, payload) VALUES ('neighbor', $1, 'faults.call', '{}')`, [event]);
    await client.query(`INSERT INTO journal (tenant, run_id, seq, type, path, iteration, attempt, payload) VALUES ('default', $1, 9, 'event.consumed', 'call', '', 1, $2)`, [id, { eventId: event }]); // prettier-ignore
    expect(await found()).toEqual(['whatever has gone on by an event, or was canceled by one, has heard one of its own tenant']);
  });

  it('find one run that two tenants were given for one key', async () => {
    const of = (op: number, runId: string) => client.query(`INSERT INTO operations (op, kind, about, result) VALUES ($1, 'start', '{"workflow": "ledger", "key": "k"}', $2)`, [op, { runId }]); // prettier-ignore
    await of(1, 'one');
    await of(2, 'another');
    expect(await found()).toEqual([]);
    await of(3, 'one');
    expect(await found()).toEqual(['what two tenants began under one key are two runs']);
  });

  it('find a review that is gone', async () => {
    const id = await task('open', [{ verdict: 'yes', by: 'faults-1', person: 'ann' }], null);
    await operation(1, 'review', { task: id, answer: { verdict: 'yes', by: 'faults-1' } });
    expect(await found()).toEqual([]);
    await operation(2, 'review', { task: id, answer: { verdict: 'no', by: 'faults-2' } });
    expect(await found()).toEqual(['each review that was acknowledged is one of its task, once']);
  });

  it.each([
    ['that two of one person made', 'completed', [['yes', 'ann'], ['yes', 'ann']], 'yes'], // prettier-ignore
    ['that one person made alone', 'completed', [['yes', 'ann']], 'yes'],
    ['of two who said something else', 'completed', [['yes', 'ann'], ['yes', 'bob']], 'no'], // prettier-ignore
    ['that was not made', 'open', [['yes', 'ann'], ['yes', 'bob']], null], // prettier-ignore
  ])('find a decision %s', async (_, status, given, verdict) => {
    await task(status, given.map(([said = '', person = ''], index) => ({ verdict: said, by: `faults-${index}`, person })), verdict); // prettier-ignore
    expect(await found()).toEqual([
      'what two of three people said alike, each once, is the decision of a panel, and no decision is anything else',
    ]);
  });

  it('find a task that time has decided too soon', async () => {
    const escalated = async (seconds: number) =>
      client.query(`INSERT INTO task_history (tenant, task_id, kind, at) VALUES ('default', $1, 'escalated', now() + $2 * interval '1 second')`, [await task('open', [], null), seconds]); // prettier-ignore
    await escalated(60);
    expect(await found()).toEqual([]);
    await escalated(50);
    expect(await found()).toEqual(['time decides nothing before its time']);
  });

  it('find a step that was done twice under one key', async () => {
    await run('shared', 'completed', { op: 1 }, { once: 1 });
    await run('shared', 'completed', { op: 2, group: 1 }, { once: 1 });
    expect(await found()).toEqual([]);
    await run('shared', 'completed', { op: 3, group: 1 }, { once: 3 });
    expect(await found()).toEqual(['the runs of a group have one output, which one of them has written']);
  });

  it('find an output that was taken from another tenant’s step of the same key', async () => {
    await run('shared', 'completed', { op: 1 }, { once: 1 });
    const theirs = await run('shared', 'completed', { op: 2, group: 1 }, { once: 1 });
    expect(await found()).toEqual([]);
    await client.query(`UPDATE runs SET tenant = 'neighbor' WHERE id = $1`, [theirs]);
    expect(await found()).toEqual(['the runs of a group have one output, which one of them has written']);
  });
});
