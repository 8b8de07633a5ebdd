/** Whoever keeps what was acknowledged has to notice when it is gone. */
import pg from 'pg';
import { audit } from '../../apps/auditor/audit.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { Acknowledged } from './acknowledged.js';

const ID = '00000000-0000-7000-8000-000000000001';

describe('what was acknowledged', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it.each([
    ['commentOnTask', { comment: { id: ID } }, 'in task_comments'],
    ['createApiKey', { apiKey: { id: ID } }, 'in api_keys'],
    ['startRun', { run: { id: ID } }, 'in runs'],
    ['emitEvent', { event: { id: ID } }, 'in events'],
    ['saveTaskDraft', { task: { id: ID, draftVersion: 2 } }, 'version 2 of the draft'],
  ])('is missed when it is not there: %s', async (mutation, payload, says) => {
    const acknowledged = new Acknowledged();
    acknowledged.mutation(mutation, {}, payload);
    expect(await acknowledged.lost(database.pool)).toEqual([expect.stringContaining(says)]);
  });

  it.each([
    ['completeTask', { id: ID, answer: 'yes' }, { task: { id: ID, status: 'completed' } }, 'each decision that was acknowledged'],
    ['startRun', { workflow: 'orders', idempotencyKey: 'k' }, { run: { id: ID } }, 'each start that was acknowledged'],
    ['cancelRun', { id: ID }, { run: { id: ID } }, 'each cancel that was acknowledged'],
  ])('is told to the auditor, once: %s', async (mutation, given, payload, sentence) => {
    const acknowledged = new Acknowledged();
    for (let times = 0; times < 2; times++) acknowledged.mutation(mutation, given, payload);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      expect(await acknowledged.tell(client)).toBe(true);
      const { findings } = await audit(client, { graceMs: 0, isAtRest: true, hasJournal: true, most: 5 });
      const broken = findings.filter(({ outcome }) => outcome === 'broken').map(({ check, against }) => [check.sentence, against.length]);
      expect(broken).toContainEqual([expect.stringContaining(sentence), 1]);
    } finally {
      await client.end();
    }
  });
});
