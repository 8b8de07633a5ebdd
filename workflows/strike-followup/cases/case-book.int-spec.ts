import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { CaseBook } from './case-book.service.js';
import { ClosedCase } from './closed-case.entity.js';
import type { CaseOutcome } from './case-outcome.js';

const UPHELD: CaseOutcome = { letter: 'disputed', statement: 'No.', outcome: 'upheld', note: 'seen it' };

describe('the book of closed cases', () => {
  let database: TestDatabase;
  let source: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    source = await new DataSource({ type: 'postgres', url: database.url, entities: [ClosedCase] }).initialize();
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  it('keeps one row per tenant and report and counts how often the case was closed', async () => {
    const book = new CaseBook();
    const close = (tenant: string, outcome: CaseOutcome) =>
      source.transaction((manager) => book.close(manager, { tenant, runId: randomUUID(), reportId: 'r1', outcome }));
    expect(await close('a', UPHELD)).toEqual({ reportId: 'r1', ...UPHELD, revision: 1 });
    expect(await close('a', { letter: 'unanswered', statement: 'lost', outcome: 'closed-unanswered', note: null })).toMatchObject({
      revision: 2,
    });
    expect(await close('b', UPHELD)).toMatchObject({ revision: 1 });
    const { rows } = await database.pool.query(
      'SELECT tenant, outcome, letter, revision FROM strike_followup.closed_cases ORDER BY tenant',
    );
    expect(rows).toEqual([
      { tenant: 'a', outcome: 'closed-unanswered', letter: 'unanswered', revision: 2 },
      { tenant: 'b', outcome: 'upheld', letter: 'disputed', revision: 1 },
    ]);
  });
});
