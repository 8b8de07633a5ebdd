/** A known bug that is no SQL would be found by whoever meets the error, and show nothing. */
import { planOf, statements } from '../../cost/plans.js';
import { createTestDatabase, type TestDatabase } from '../../postgres/test-database.js';
import { type Mutation, MUTATION_NAMES, MUTATIONS } from './mutations.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it.each(MUTATION_NAMES)('is a statement that PostgreSQL takes: %s', async (bug) => {
  const { replace = {} }: Mutation = MUTATIONS[bug];
  for (const [name, pairs] of Object.entries(replace)) {
    const own = statements().find((one) => one.name === name);
    if (!own) throw new Error(`The storage exports no statement ${name}.`);
    const text = pairs.reduce((changed, [piece, other]) => changed.replace(piece, () => other), own.text);
    expect(await planOf(database.pool, text)).toHaveProperty('Node Type');
  }
});
