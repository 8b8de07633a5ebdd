/**
 * Documents: what they are called, and, where PostgreSQL keeps it, their content in pieces.
 *
 * Why: inputs and outputs carry references; a file in a journal would be read by every fold.
 * Locks: none, it only adds tables. Breaks a running older version: no, it knows no documents.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Documents1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOCUMENTS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE document_chunks, documents');
  }
}

const DOCUMENTS = /* sql */ `
CREATE TABLE documents (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  file_name text NOT NULL,
  media_type text COLLATE "C" NOT NULL,
  -- null while the content is being written or removed: then nobody sees the document
  size bigint,
  sha256 text COLLATE "C",
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- when a start took it last, or a step stored it; null for an upload that no start has taken
  held_at timestamptz,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX documents_by_age ON documents (held_at, created_at);

CREATE TABLE document_chunks (
  tenant text COLLATE "C" NOT NULL,
  document_id uuid NOT NULL,
  seq int NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (tenant, document_id, seq)
);
-- most files are compressed already
ALTER TABLE document_chunks ALTER COLUMN data SET STORAGE EXTERNAL;`;
