/** What a worker reads of the runs that it has claimed: with one claim, in how many answers, and in what order. */
import { randomBytes } from 'node:crypto';
import { RunStatus } from '@stepwell/contracts';
import { workflow } from '@stepwell/sdk';
import { appendInbox, pgSql, type Sql } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { StandingBetween } from './standing-between.js';

const MEGABYTE = 1024 * 1024;

const measured = workflow<{ text: string }>('measured', { version: 1 }).then('measure', (ctx) => ctx.input.text.length);

interface Answer {
  readonly name: string;
  readonly runIds: ReadonlySet<string>;
  readonly bytes: number;
}

describe('claimed runs', () => {
  let engine: Engine;
  beforeEach(async () => {
    // Starts runs, and has no worker.
    engine = await startEngine({ workflows: [measured], idle: true });
  });
  afterEach(() => engine.close());

  it('are read in answers of a few megabytes, and a larger journal in one of its own', async () => {
    // Random, so that it is stored as large as it is.
    const start = (bytes: number) => engine.start('measured', { text: randomBytes((bytes * 3) / 4).toString('base64') });
    const sizes = [1.5, 1.5, 1.5, 8, 1.5, 1.5, 1.5].map((size) => size * MEGABYTE);
    const runIds: string[] = [];
    for (const size of sizes) runIds.push(await start(size));
    const answers: Answer[] = [];
    const noted = (sql: Sql): Sql => ({
      query: async <Row>(statement: Parameters<Sql['query']>[0], values: readonly unknown[]) => {
        const rows = await sql.query<Row>(statement, values);
        const ids = rows.map((row) => (row as { run_id?: string; id?: string }).run_id ?? (row as { id?: string }).id ?? '');
        answers.push({ name: statement.name, runIds: new Set(ids), bytes: JSON.stringify(rows).length });
        return rows;
      },
    });
    await engine.spawn({ idle: false, sql: noted });
    for (const runId of runIds) await engine.waitFor(runId, RunStatus.completed);
    expect(await Promise.all(runIds.map((runId) => engine.output(runId)))).toEqual(sizes);

    expect(answers.filter(({ name, runIds: ids }) => name === 'claim-runs' && ids.size === runIds.length)).toHaveLength(1);
    const reads = answers.filter(({ name }) => name.startsWith('read-journal'));
    expect(reads.flatMap(({ runIds: ids }) => [...ids]).sort()).toEqual([...runIds].sort());
    for (const read of reads) expect(read.runIds.size === 1 || read.bytes <= 4 * MEGABYTE).toBe(true);
    // Two by two around the large one, wherever it stands among them: at least four answers, at most five.
    expect(reads.length).toBeLessThanOrEqual(5);
  });

  it('have their journal and their inbox read at the same time', async () => {
    const runId = await engine.start('measured', { text: 'short' });
    const payload = { id: 'early', ok: true, value: 1 };
    await appendInbox(pgSql(engine.pool), { tenant: TENANT, runId, kind: 'async-result.settled', dedupeKey: 'early', payload });
    const between = new StandingBetween();
    const journal = between.hold('read-journal');
    await engine.spawn({ idle: false, sql: between.sql });
    await journal.arrived;
    await until(
      () => between.seen,
      (seen) => seen.includes('read-inbox'),
      'The inbox should be read meanwhile',
    );
    journal.release();
    await engine.waitFor(runId, RunStatus.completed);
  });
});
