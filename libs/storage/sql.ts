/**
 * How every hand-written statement is run, whoever owns the transaction: a pool, one connection, or TypeORM's manager.
 * Statements are named, so that Postgres parses and plans each once per connection.
 */
import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import { arrayText } from './array-text.js';
import { isPooled } from './through-pooler.js';

export interface Statement {
  /** Unique over the system; shown in pg_stat_activity and pg_stat_statements as a comment. */
  readonly name: string;
  readonly text: string;
  /** Its text depends on what is asked: parsed and planned each time, for the values that it comes with. */
  readonly isPlannedAnew?: boolean;
}

export interface Sql {
  query<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/**
 * Declares a statement. Its name stands before the text, since pg_stat_activity shows only the first kilobyte, and after it, since the
 * pg_stat_statements of PostgreSQL 18 drops comments before the first word.
 */
export function statement(name: string, text: string, { isPlannedAnew = false }: { readonly isPlannedAnew?: boolean } = {}): Statement {
  const comment = `/* ${name} */`;
  return { name, text: `${comment} ${text.trim()} ${comment}`, isPlannedAnew };
}

/** Runs statements on a pool or on one of its connections, prepared by name, unless a pooler stands before the database. */
export function pgSql(client: pg.Pool | pg.PoolClient | pg.Client): Sql {
  const isNamed = !isPooled(client);
  return {
    query: async <Row>({ name, text, isPlannedAnew = false }: Statement, values: readonly unknown[]) => {
      const result = await (client as pg.Pool).query({
        ...(isNamed && !isPlannedAnew ? { name } : {}),
        text,
        values: values.map(asParameter),
      });
      return result.rows as Row[];
    },
  };
}

function asParameter(value: unknown): unknown {
  return Array.isArray(value) ? (arrayText(value) ?? value) : value;
}

/**
 * Runs statements inside the transaction of a TypeORM manager, prepared by name on its connection: planning a flush anew takes three times
 * as long as running it.
 *
 * @param manager of a query runner, as `runner.manager` is
 */
export function managerSql(manager: EntityManager): Sql {
  return {
    query: async <Row>(one: Statement, values: readonly unknown[]) => {
      const { queryRunner } = manager;
      if (!queryRunner) throw new Error('This entity manager belongs to no connection of its own.');
      return pgSql((await queryRunner.connect()) as pg.PoolClient).query<Row>(one, values);
    },
  };
}

/**
 * Runs `work` in a READ COMMITTED transaction of its own; rolls back when it throws.
 *
 * @param lockMs whoever waits longer for a lock gets an error that `isLockHeld` knows; by default there is no limit
 */
export async function inTransaction<T>(pool: pg.Pool, work: (sql: Sql, client: pg.PoolClient) => Promise<T>, lockMs?: number): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // While it is checked out the pool does not listen: without a listener a connection that breaks between two statements would end the
  // process. The next statement fails by itself.
  const onError = (cause: Error): void => {
    broken = cause;
  };
  client.on('error', onError);
  try {
    await client.query(lockMs === undefined ? 'BEGIN' : `BEGIN; SET LOCAL lock_timeout = ${lockMs}`);
    const result = await work(pgSql(client), client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
