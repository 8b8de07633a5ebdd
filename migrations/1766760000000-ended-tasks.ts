/**
 * Indexes for the figures of a team: the tasks that ended in a period, and the decisions that were taken back in it.
 *
 * Why: tasks are partitioned by when they were opened, and a period is of when they ended. The second index has a row for each decision
 * that was taken back, and so next to none.
 * Locks: `tasks` and `task_history` against writes while the indexes are built, about a second per million tasks; a decided task is one more
 * entry of an index from then on. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EndedTasks1766760000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX tasks_ended ON tasks (tenant, ended_at) WHERE ended_at IS NOT NULL');
    await queryRunner.query(`CREATE INDEX task_history_undone ON task_history (tenant, at) WHERE kind = 'undone'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX task_history_undone');
    await queryRunner.query('DROP INDEX tasks_ended');
  }
}
