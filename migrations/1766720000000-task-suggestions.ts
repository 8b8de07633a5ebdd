/**
 * What fills the form of a task when it opens: values, how sure they are, and which step they come from.
 *
 * Locks: `tasks` and its partitions exclusively, for an instant: the column has no default. Breaks a running older version: no; its tasks
 * open without a suggestion.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TaskSuggestions1766720000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE tasks ADD COLUMN suggestion jsonb');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE tasks DROP COLUMN suggestion');
  }
}
