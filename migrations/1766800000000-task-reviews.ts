/**
 * The answers so far of a task that several people answer.
 *
 * Why: on a screen with `reviews` an answer is first one of several: it is kept with the task until enough are equal. Null for all others.
 * Locks: tasks, for a moment; nothing is rewritten.
 * Breaks a running older version: no, but it lets one person decide such a task; end it before a workflow asks for several.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TaskReviews1766800000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `ALTER TABLE tasks ADD COLUMN reviews jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `ALTER TABLE tasks DROP COLUMN reviews`);
  }
}
