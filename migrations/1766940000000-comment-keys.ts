/**
 * A comment is said once with a key of its author's.
 *
 * Why: who got no answer sends it again.
 * Locks: task_comments against writes while all of it is read; no row of before has a key. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CommentKeys1766940000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE UNIQUE INDEX task_comments_of_key ON task_comments (tenant, task_id, (author ->> 'id'), key) WHERE key IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX task_comments_of_key');
  }
}
