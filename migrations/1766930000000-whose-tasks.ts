/**
 * What waits, by whose it is: nobody's, too.
 *
 * Why: what is nobody's was looked for in the table itself, among all that has ended. The index had only what is somebody's; now a task that
 * is nobody's costs an entry, too. Nothing was read by priority from it; by age, neighbours lie together in the table.
 * Locks: `tasks` and its partitions against writes while the index is built; then against everybody for a moment, while the old one goes.
 * That one stays until the new one is there: whoever drops an index keeps readers from its table until he commits. Breaks a running older
 * version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class WhoseTasks1766930000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX tasks_by_assignee ON tasks (tenant, assignee, id) WHERE status IN ('open', 'claimed');
      DROP INDEX tasks_assigned;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX tasks_assigned ON tasks (tenant, assignee, priority DESC, id) WHERE status IN ('open', 'claimed') AND assignee IS NOT NULL;
      DROP INDEX tasks_by_assignee;
    `);
  }
}
