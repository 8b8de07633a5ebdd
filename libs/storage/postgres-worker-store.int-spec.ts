import { DataSource } from 'typeorm';
import { createTestDatabase } from '../../test/postgres/test-database.js';
import { workerStoreConformance } from '../engine/conformance/worker-store.conformance.js';
import { GroupCommitter } from './group-committer.js';
import { postgresEventStore } from './postgres-event-store.js';
import { postgresWorkerStore } from './postgres-worker-store.js';
import { insertEvent } from './queries/insert-event.query.js';
import { insertRuns } from './queries/insert-runs.query.js';
import { registerTriggers } from './queries/register-triggers.query.js';
import { pgSql } from './sql.js';
import { uuidV7 } from './uuid-v7.js';

workerStoreConformance('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const { pool, url } = database;
  const sql = pgSql(pool);
  const dataSource = await new DataSource({ type: 'postgres', url, poolSize: 4, installExtensions: false }).initialize();
  return {
    store: postgresWorkerStore({ sql, leaseSql: sql, committer: new GroupCommitter(pool), dataSource }),
    events: postgresEventStore(pool),
    newId: uuidV7,
    insertRun: async (run) => void (await insertRuns(sql, [run])),
    emit: async (name, payload) => {
      const id = uuidV7();
      await insertEvent(sql, { tenant: 'default', id, name, payload: JSON.stringify(payload), idempotencyKey: null, actor: null });
      return id;
    },
    listen: (event, workflow) =>
      registerTriggers(sql, 'default', [{ event, workflow, version: 1, once: false }], [{ workflow, version: 1 }]),
    run: async (id) => (await pool.query('SELECT status, epoch, worker FROM runs WHERE id = $1', [id])).rows[0],
    tasks: async (runId) =>
      (await pool.query<{ status: string }>('SELECT status FROM tasks WHERE run_id = $1', [runId])).rows.map(({ status }) => status),
    close: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
});
