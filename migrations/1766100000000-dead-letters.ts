/**
 * Dead letters: what became of runs that have failed for good, and indexes of those of which nothing became yet.
 *
 * Why: somebody goes through them by workflow, by error and by time, and the list has to get empty. `runs.letter` is null while a failed run
 * is one of them; a run that is retried says so in `retried_as`. The indexes have nothing else; their columns change with the status only,
 * which stands in the conditions of other indexes already, so they cost no update its being HOT.
 * Locks: runs, for a moment (a column without a default), then against writes while the indexes are built (0.1 s for 300,000 runs).
 * Breaks a running older version: no; it knows of no letters.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const LETTERS = `WHERE status = 'failed' AND retried_as IS NULL AND letter IS NULL`;

const UP = `
ALTER TABLE runs ADD COLUMN letter jsonb;
CREATE INDEX runs_dead ON runs (tenant, ended_at, id) ${LETTERS};
CREATE INDEX runs_dead_of_workflow ON runs (tenant, workflow, ended_at, id) ${LETTERS};
CREATE INDEX runs_dead_by_code ON runs (tenant, error_code, ended_at, id) ${LETTERS};`;

export class DeadLetters1766100000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX runs_dead, runs_dead_of_workflow, runs_dead_by_code; ALTER TABLE runs DROP COLUMN letter;');
  }
}
