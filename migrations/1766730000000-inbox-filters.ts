/**
 * What the inbox is filtered and ordered by, so that a hundred thousand waiting tasks are found by an index.
 *
 * Why: `display` has the columns of a task by name, as they were when it opened. The indexes have what waits only: by column, by group, by
 * when it is due (what never is comes last), by age, and by workflow.
 * Locks: `tasks` and its partitions exclusively, for an instant (the column has no default), then against writes while the indexes are
 * built, some seconds per million waiting tasks. Breaks a running older version: no; the tasks that it opens are found by no column.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class InboxFilters1766730000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      ALTER TABLE tasks ADD COLUMN display jsonb;
      CREATE INDEX tasks_by_column ON tasks USING gin (display jsonb_path_ops) WHERE status IN ('open', 'claimed') AND display IS NOT NULL;
      CREATE INDEX tasks_by_group ON tasks USING gin (candidate_groups) WHERE status IN ('open', 'claimed') AND candidate_groups IS NOT NULL;
      CREATE INDEX tasks_by_due ON tasks (tenant, (coalesce(due_at, 'infinity'::timestamptz)), id) WHERE status IN ('open', 'claimed');
      CREATE INDEX tasks_by_age ON tasks (tenant, id) WHERE status IN ('open', 'claimed');
      CREATE INDEX tasks_by_workflow ON tasks (tenant, workflow, priority DESC, id) WHERE status IN ('open', 'claimed');
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      DROP INDEX tasks_by_workflow, tasks_by_age, tasks_by_due, tasks_by_group;
      ALTER TABLE tasks DROP COLUMN display;
    `);
  }
}
