import { readFileSync } from 'node:fs';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { printSchema as print } from 'graphql';
import { startApiApp } from '../../test/server/api-app.js';
import { printSchema } from './print-schema.js';

describe('schema.graphql', () => {
  it('is what the code says, and what the server serves', async () => {
    const committed = readFileSync('schema.graphql', 'utf8');
    expect(await printSchema()).toBe(committed);
    const api = await startApiApp();
    const served = print(api.app.get(GraphQLSchemaHost).schema);
    await api.close();
    expect(committed).toContain(served);
  });
});
