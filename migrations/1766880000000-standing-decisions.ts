/**
 * A decided task names the record of its decision.
 *
 * Why: who withdraws a decision names it. A flush that has waited for somebody who decides sees his decision on the task, which it reads again
 * under the lock, but not among the records, which it still sees as they were when it began. Null: open, taken back, or decided before.
 * Locks: tasks, for a moment; nothing is rewritten. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StandingDecisions1766880000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE tasks ADD COLUMN decision uuid');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE tasks DROP COLUMN decision');
  }
}
