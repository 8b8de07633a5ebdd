/** Whether a server process tells its schema is decided by NODE_ENV alone. */
import { startServer } from './start-server.js';

describe('the schema of a server process', () => {
  async function answer(environment: Record<string, string>): Promise<unknown> {
    const server = await startServer({ environment });
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
