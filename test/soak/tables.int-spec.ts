/** A table that a migration adds is judged by the soak, or says why not. */
import { createTestDatabase } from '../postgres/test-database.js';
import { JUDGED, NOT_JUDGED } from './tables.js';

const TABLES = `SELECT c.relname AS name FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`;

describe('the tables that a soak judges', () => {
  it('are those of a migrated database, each once', async () => {
    const database = await createTestDatabase();
    const { rows } = await database.pool.query<{ name: string }>(TABLES);
    const excused = Object.keys(NOT_JUDGED);
    expect(rows.map(({ name }) => name).filter((name) => !excused.includes(name)).sort()).toEqual([...JUDGED].sort()); // prettier-ignore
    await database.drop();
  });
});
