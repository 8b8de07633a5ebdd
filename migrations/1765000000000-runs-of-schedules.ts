/**
 * An index of the runs of schedules that are going.
 *
 * Why: a slot that may not overlap looks whether any run of its schedule is going, also one out of turn; without the index that reads
 * all runs of the workflow that ever were. It has no run that has ended, and none that was started otherwise; none of its columns changes
 * without the status, which stands in the conditions of other indexes already, so it costs no update its being HOT.
 * Locks: runs against writes while it is built. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RunsOfSchedules1765000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX runs_of_schedules ON runs (tenant, workflow) WHERE started_by = 'schedule' AND status IN ('queued', 'running', 'waiting', 'paused')`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX runs_of_schedules');
  }
}
