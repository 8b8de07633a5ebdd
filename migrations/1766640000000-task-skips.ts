/**
 * Who has skipped a task, and when: `{ "<actor id>": <seconds since 1970> }`.
 *
 * Why: the next task of a person is one that he has not skipped; what he has comes again behind all others. And an index of what is held,
 * by whom: a repeated request for the next task looks among the few that its sender holds.
 * Locks: `tasks` and its partitions exclusively, for an instant (the column has no default), then against writes while the index is built,
 * a second per million tasks. Breaks a running older version: no; it hands out what was skipped, as before.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TaskSkips1766640000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE tasks ADD COLUMN skipped_by jsonb');
    await queryRunner.query(`CREATE INDEX tasks_held ON tasks (tenant, (claimed_by ->> 'id')) WHERE status = 'claimed'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX tasks_held');
    await queryRunner.query('ALTER TABLE tasks DROP COLUMN skipped_by');
  }
}
