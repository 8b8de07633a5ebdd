/**
 * Up to where the checkpoints of a run were pruned.
 *
 * Why: a person may let go of the older checkpoints of a run; they are not shown any more, and nothing goes on from them.
 * Locks: runs, for a moment; nothing is rewritten. Breaks a running older version: no, it shows them all.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Checkpoints1766200000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE runs ADD COLUMN checkpoints_from int');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE runs DROP COLUMN checkpoints_from');
  }
}
