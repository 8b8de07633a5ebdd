/**
 * Since when a schedule has the times that it has.
 *
 * Why: whether its slots are right is judged by its times, and those of before a change came by others: what fell due twice in the hour that
 * comes twice was right for an interval, and would be wrong for a fixed time. Of what is there nobody knows when it was changed last, so it
 * is judged from now on.
 * Locks: `schedules` against everybody for a moment; it is small. Breaks a running older version: no; a change that such a one registers is
 * not noted.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ScheduleRules1766970000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE schedules ADD COLUMN rule_since timestamptz NOT NULL DEFAULT clock_timestamp()');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE schedules DROP COLUMN rule_since');
  }
}
