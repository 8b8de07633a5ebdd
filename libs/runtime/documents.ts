/** Documents over the connections of whoever asks for them: pages, sweeps and steps do not wait for each other. */
import { DOCUMENT_DEFAULTS, type DocumentOptions, DocumentService, PostgresDocumentStore, S3DocumentStore } from '@stepwell/documents';
import { pgSql } from '@stepwell/storage';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { RuntimeOptions } from './runtime-options.js';

export function documentOptions({ documents }: RuntimeOptions): DocumentOptions {
  return { ...DOCUMENT_DEFAULTS, ...documents };
}

export function documentsOver(pool: pg.Pool, { s3 }: DocumentOptions): DocumentService {
  const sql = pgSql(pool);
  return new DocumentService(sql, s3 ? new S3DocumentStore(s3) : new PostgresDocumentStore(sql));
}

/** The pool behind TypeORM, for statements that are ours. */
export function ormPool({ driver }: DataSource): pg.Pool {
  return (driver as unknown as { readonly master: pg.Pool }).master;
}
