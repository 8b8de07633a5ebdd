/**
 * Runs that retry ended ones.
 *
 * Why: an ended run never changes, so its retry is a run of its own; both name each other, and the line of descent is found by its root.
 * Locks: runs, for a moment, to take the columns and the index, which holds linked runs only: an ordinary run costs nothing more.
 * Breaks a running older version: no, it writes neither.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Retries1764200000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(RETRIES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UNDO);
  }
}

const RETRIES = /* sql */ `
-- the ended run that this one retries, and the run that retries this one: a run is retried once, its retry again, and so on
ALTER TABLE runs ADD COLUMN retry_of uuid, ADD COLUMN retried_as uuid;
CREATE INDEX runs_by_lineage ON runs (tenant, lineage_root) WHERE retry_of IS NOT NULL;`;

const UNDO = /* sql */ `
DROP INDEX runs_by_lineage;
ALTER TABLE runs DROP COLUMN retry_of, DROP COLUMN retried_as;`;
