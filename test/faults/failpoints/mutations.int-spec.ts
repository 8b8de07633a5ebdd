/** A known bug that is no SQL would be found by whoever meets the error, and show nothing. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../postgres/test-database.js';
import { type Mutation, MUTATION_NAMES, MUTATIONS } from './mutations.js';

const QUERIES = join(import.meta.dirname, '../../../libs/storage/queries');

interface Named {
  readonly name: string;
  readonly text: string;
}
const isStatement = (value: unknown): value is Named => typeof value === 'object' && value !== null && 'name' in value && 'text' in value;

let database: TestDatabase;
const statements = new Map<string, string>();
beforeAll(async () => {
  database = await createTestDatabase();
  for (const file of readdirSync(QUERIES).filter((one) => one.endsWith('.query.ts'))) {
    const exported = (await import(join(QUERIES, file))) as Record<string, unknown>;
    for (const { name, text } of Object.values(exported).filter(isStatement)) statements.set(name, text);
  }
});
afterAll(() => database.drop());

it.each(MUTATION_NAMES)('is a statement that PostgreSQL takes: %s', async (bug) => {
  const { replace = {} }: Mutation = MUTATIONS[bug];
  for (const [name, pairs] of Object.entries(replace)) {
    const text = pairs.reduce((changed, [piece, other]) => changed.replace(piece, () => other), statements.get(name) as string);
    expect((await database.pool.query(`EXPLAIN (GENERIC_PLAN) ${text}`)).rows.length).toBeGreaterThan(0);
  }
});
