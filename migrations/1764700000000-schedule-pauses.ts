/**
 * Who paused a schedule, when and why.
 *
 * Why: an operator stops a schedule without a deploy, and a deploy must not start it again.
 * Locks: `schedules` exclusively, for an instant: the columns have no default. Breaks a running older version: no, but it fires what is
 * paused until it has been replaced.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SchedulePauses1764700000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE schedules ADD COLUMN paused_at timestamptz, ADD COLUMN paused_by jsonb, ADD COLUMN pause_reason text',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE schedules DROP COLUMN paused_at, DROP COLUMN paused_by, DROP COLUMN pause_reason');
  }
}
