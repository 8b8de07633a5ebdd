/** TypeORM's own connections: for `ctx.transaction` and what is asked seldom. */
import { markPooled, survive } from '@stepwell/storage';
import type { Type } from '@stepwell/sdk';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { poolSizes } from './connections.js';
import type { RuntimeOptions } from './runtime-options.js';

/** What LISTENs elsewhere, or not at all, has a pooler before its database. */
export function isPooled({ databaseUrl, directUrl }: RuntimeOptions): boolean {
  return databaseUrl !== directUrl;
}

export function connect(options: RuntimeOptions, entities: readonly Type<object>[]): Promise<DataSource> {
  const { databaseUrl: url } = options;
  return new DataSource({
    type: 'postgres',
    url,
    entities: [...entities],
    poolSize: poolSizes(options.roles).orm,
    applicationName: 'stepwell',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    extra: {
      onConnect: (connection: pg.PoolClient) => {
        survive(connection);
        if (isPooled(options)) markPooled(connection);
      },
    },
  }).initialize();
}
