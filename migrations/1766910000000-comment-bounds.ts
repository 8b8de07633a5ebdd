/**
 * A comment is said once with a key of its author's, and counts how often it was changed, resolved and opened again.
 *
 * Why: who got no answer sends a comment again, and each change is an entry of the task's history for ever. What was there before has no
 * key, and counts from now on.
 * Locks: task_comments against everybody for a moment, and against writes while the index is built, of which no row is in yet. Breaks a
 * running older version: no; what it changes is not counted.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CommentBounds1766910000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE task_comments ADD COLUMN key text COLLATE "C", ADD COLUMN changes integer NOT NULL DEFAULT 0');
    await queryRunner.query(
      `CREATE UNIQUE INDEX task_comments_of_key ON task_comments (tenant, task_id, (author ->> 'id'), key) WHERE key IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX task_comments_of_key');
    await queryRunner.query('ALTER TABLE task_comments DROP COLUMN key, DROP COLUMN changes');
  }
}
