import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema as print } from 'graphql';
import { ORPHANED_TYPES, RESOLVERS } from './schema.js';

const HEAD = '# Generated from libs/graphql: change it there, then `npm run build:server && node dist/apps/server/print-schema.js`.\n\n';

/** The schema as text, sorted, from the code alone: no database, no server. */
export async function printSchema(): Promise<string> {
  const builder = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
  try {
    const schema = await builder.get(GraphQLSchemaFactory).create(RESOLVERS, { orphanedTypes: ORPHANED_TYPES });
    return `${HEAD}${print(lexicographicSortSchema(schema))}\n`;
  } finally {
    await builder.close();
  }
}
