import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import type { Decision } from '../decision.js';
import type { StrikeReport } from '../strike-report.js';
import { RegistryService } from './registry.service.js';

const REPORT: StrikeReport = {
  ...{
    id: 'r1',
    airport: 'SACRAMENTO INTL',
    aircraft: 'B-737-300',
    damage: 'None',
    flightDate: '1999-02-03',
    operator: 'SOUTHWEST AIRLINES',
  },
  ...{ originState: 'California', phase: 'Approach', wildlifeSize: 'Small', species: 'Killdeer', timeOfDay: 'Day' },
  ...{ costOther: 0, costRepair: 0, costTotal: 7_043_545_000, speedKnots: null },
};
const CONFIRMED: Decision = { verdict: 'confirmed', severity: 'minor', note: 'looked at it' };

describe('the registry of strikes', () => {
  let database: TestDatabase;
  let source: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  it('keeps one row per tenant and report, counts its filings, and joins the transaction of its caller', async () => {
    const registry = new RegistryService();
    const file = (tenant: string, decision: Decision) =>
      source.transaction((manager) => registry.file(manager, { tenant, runId: randomUUID(), report: REPORT, decision }));
    expect(await file('a', CONFIRMED)).toEqual({ reportId: 'r1', ...CONFIRMED, revision: 1 });
    expect(await file('a', { verdict: 'rejected', severity: 'none', note: null })).toMatchObject({ revision: 2 });
    expect(await file('b', CONFIRMED)).toMatchObject({ revision: 1 });
    const rolledBack = source.transaction(async (manager) => {
      await registry.file(manager, { tenant: 'c', runId: randomUUID(), report: REPORT, decision: CONFIRMED });
      throw new Error('undone');
    });
    await expect(rolledBack).rejects.toThrow('undone');
    const { rows } = await database.pool.query(
      'SELECT tenant, verdict, severity, note, cost_total, revision FROM strike_review.filed_strikes ORDER BY tenant',
    );
    expect(rows).toEqual([
      { tenant: 'a', verdict: 'rejected', severity: 'none', note: null, cost_total: '7043545000', revision: 2 },
      { tenant: 'b', verdict: 'confirmed', severity: 'minor', note: 'looked at it', cost_total: '7043545000', revision: 1 },
    ]);
  });
});
