import { pgSql } from '@stepwell/storage';
import { createTestDatabase } from '../../../test/postgres/test-database.js';
import { documentStoreConformance } from '../conformance/document-store.conformance.js';
import { PostgresDocumentStore } from './postgres-document-store.js';

documentStoreConformance('PostgreSQL', async () => {
  const { pool, drop } = await createTestDatabase();
  return {
    store: new PostgresDocumentStore(pgSql(pool)),
    count: async () => (await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM document_chunks')).rows[0]?.n ?? 0,
    close: drop,
  };
});
