/**
 * An index for what is to be looked at again at a time.
 *
 * Why: among a hundred thousand tasks each was looked at for the few of a week. Most tasks have no such time, and are not in the index.
 * Locks: `tasks` and its partitions against writes while the index is built. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FollowUps1766860000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      "CREATE INDEX tasks_by_follow_up ON tasks (tenant, follow_up_at) WHERE status IN ('open', 'claimed') AND follow_up_at IS NOT NULL",
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX tasks_by_follow_up');
  }
}
