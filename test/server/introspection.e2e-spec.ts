/** Whether a server process tells its schema is decided by NODE_ENV alone. */
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { startServer } from './start-server.js';

describe('the schema of a server process', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  async function answer(environment: Record<string, string>): Promise<unknown> {
    const server = await startServer({ environment: { DATABASE_URL: database.url, STEPWELL_ROLES: 'api', ...environment } });
    try {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ __schema { queryType { name } } }' }),
      });
      return await response.json();
    } finally {
      await server.stop();
    }
  }

  it('is told to those who develop', async () => {
    expect(await answer({})).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
  });

  it('is told to nobody in production', async () => {
    expect(await answer({ NODE_ENV: 'production' })).toMatchObject({
      errors: [{ message: expect.stringContaining('introspection is not allowed') }],
    });
  });
});
