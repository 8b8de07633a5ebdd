/** Documents over the connections of whoever asks for them: pages, sweeps and steps do not wait for each other. */
import type { Provider } from '@nestjs/common';
import {
  DOCUMENT_DEFAULTS,
  type DocumentOptions,
  DocumentService,
  DocumentSweeper,
  PostgresDocumentStore,
  S3DocumentStore,
  Uploads,
} from '@stepwell/documents';
import { Documents } from '@stepwell/sdk';
import { PG_POOL, pgSql } from '@stepwell/storage';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { ENGINE_POOL } from './connections.js';
import type { RuntimeOptions } from './runtime-options.js';

export function documentProviders(options: RuntimeOptions): Provider[] {
  const all = documentOptions(options);
  return [
    { provide: Documents, inject: [DataSource], useFactory: (dataSource: DataSource) => documentsOver(ormPool(dataSource), all) },
    { provide: DocumentService, inject: [PG_POOL], useFactory: (pool: pg.Pool) => documentsOver(pool, all) },
    { provide: Uploads, inject: [DocumentService], useFactory: (documents: DocumentService) => new Uploads(documents, all.limits) },
    {
      provide: DocumentSweeper,
      inject: [ENGINE_POOL],
      useFactory: (pool: pg.Pool) => new DocumentSweeper(pgSql(pool), documentsOver(pool, all), all.keepDays),
    },
  ];
}

function documentOptions({ documents }: RuntimeOptions): DocumentOptions {
  return { ...DOCUMENT_DEFAULTS, ...documents };
}

function documentsOver(pool: pg.Pool, { s3 }: DocumentOptions): DocumentService {
  const sql = pgSql(pool);
  return new DocumentService(sql, s3 ? new S3DocumentStore(s3) : new PostgresDocumentStore(sql));
}

/** The pool behind TypeORM, for statements that are ours. */
function ormPool({ driver }: DataSource): pg.Pool {
  return (driver as unknown as { readonly master: pg.Pool }).master;
}
