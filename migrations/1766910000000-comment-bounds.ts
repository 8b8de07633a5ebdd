/**
 * A comment counts how often its text was changed, and how often it was resolved or opened again; it may have a key of its author's.
 *
 * Why: who got no answer sends a comment again, and each change is an entry of the task's history for ever. What was there before has no
 * key, and counts from now on. The index of the keys is a migration of its own, since whoever adds a column keeps everybody from the table
 * until he commits.
 * Locks: task_comments against everybody, for a moment: nothing is written to its rows. Breaks a running older version: no; what it changes
 * is not counted.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CommentBounds1766910000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE task_comments ADD COLUMN key text COLLATE "C", ADD COLUMN edits integer NOT NULL DEFAULT 0, ADD COLUMN settlements integer NOT NULL DEFAULT 0',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE task_comments DROP COLUMN key, DROP COLUMN edits, DROP COLUMN settlements');
  }
}
