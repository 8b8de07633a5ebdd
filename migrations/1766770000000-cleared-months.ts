/**
 * Keeps of each old month that it was cleared.
 *
 * Why: whether a record of a decision went with its month is asked for ever, but `state` is what the last pass has decided: a month that
 * was reduced waits in the next, and one whose pass died after the drop is never looked at again.
 * Locks: `retention`, which is small, for a moment. Breaks a running older version: no; a month that it clears has nothing there until this
 * version clears it again.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ClearedMonths1766770000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE retention ADD COLUMN cleared_at timestamptz');
    await queryRunner.query(`UPDATE retention SET cleared_at = decided_at WHERE state IN ('reduced', 'dropped')`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE retention DROP COLUMN cleared_at');
  }
}
