import { UnknownOutcomeError } from '@stepwell/engine';
import { DataSource } from 'typeorm';
import { createEmptyDatabase } from '../../test/postgres/test-database.js';
import { GroupCommitter } from './group-committer.js';
import { PostgresOwnTransactions } from './own-transactions.js';
import { pgSql } from './sql.js';

it("what cannot be written in a transaction that began read-only is nobody's fault, also when the server has left that since, without a word in its settings", async () => {
  const database = await createEmptyDatabase();
  // One connection, on which transactions begin read-only until the first has failed, as they do until a standby is promoted.
  const source = new DataSource({
    type: 'postgres',
    url: database.url,
    poolSize: 1,
    extra: { options: '-c default_transaction_read_only=on' },
  });
  await source.initialize();
  const transactions = new PostgresOwnTransactions(source, new GroupCommitter(database.pool), pgSql(database.pool));
  const write = (before: string) =>
    transactions.run(60_000, async ({ manager }) => {
      await manager.query(before);
      try {
        await manager.query('CREATE TABLE written ()');
      } finally {
        await manager.query('ROLLBACK; SET default_transaction_read_only = off');
      }
    });
  await expect(write('SELECT')).rejects.toThrow(UnknownOutcomeError);
  await expect(write('SET TRANSACTION READ ONLY')).rejects.toMatchObject({ code: '25006' });
  await source.destroy();
  await database.drop();
});
