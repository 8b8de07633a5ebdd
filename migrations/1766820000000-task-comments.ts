/**
 * What people say about a task and its fields while they look at it.
 *
 * Why: a question about a field is asked where the field is, and answered there; so a comment may name a field, answer another comment, and
 * be resolved. None is ever deleted: what stood when a task was decided is a part of the decision's record. `note_causes` also notes
 * comments, and the two new kinds of notices are for whoever has chosen kinds before, unless he has chosen none at all.
 * Locks: none but for an instant, it only adds a table and replaces a function. Breaks a running older version: no; what it decides has no
 * comments in its record, and a month that it clears leaves its comments behind.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = /* sql */ `
CREATE TABLE task_comments (
  tenant text COLLATE "C" NOT NULL,
  task_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  -- the comment that this one answers; that one answers none
  parent uuid,
  -- of the answer's form, as parts.0.cost; null: the task as a whole
  field text COLLATE "C",
  text text NOT NULL,
  author jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  edited_at timestamptz,
  resolved_by jsonb,
  resolved_at timestamptz,
  PRIMARY KEY (tenant, task_id, id)
) PARTITION BY RANGE (task_id);`;

/** A task of any month that is still there may be spoken about, and goes with its comments. */
const LIKE_TASKS = /* sql */ `
DO $do$ DECLARE
  tasks record;
BEGIN
  FOR tasks IN
    SELECT replace(c.relname, 'tasks_', 'task_comments_') AS partition_name, pg_get_expr(c.relpartbound, c.oid) AS bounds
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'tasks'::regclass
  LOOP
    PERFORM make_partition('task_comments', tasks.partition_name);
    EXECUTE format('ALTER TABLE task_comments ATTACH PARTITION %I %s', tasks.partition_name, tasks.bounds);
  END LOOP;
END $do$;`;

const noteCauses = (kinds: string): string => /* sql */ `
CREATE OR REPLACE FUNCTION note_causes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM notifying WHERE until > clock_timestamp()) THEN
    INSERT INTO notice_causes (tenant, task_id, kind, actor, details)
    SELECT tenant, task_id, kind, actor, details FROM added WHERE kind IN (${kinds});
  END IF;
  RETURN NULL;
END $$;`;

const BEFORE = `'opened', 'reassigned', 'delegated', 'escalated'`;
const COMMENT_KINDS = `'{comment.mentioned,comment.added}'::text[]`;

export class TaskComments1766820000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLE);
    await queryRunner.query(LIKE_TASKS);
    await queryRunner.query('SELECT ensure_partitions()');
    await queryRunner.query(noteCauses(`${BEFORE}, 'commented', 'comment-edited'`));
    await queryRunner.query(`UPDATE notification_preferences SET kinds = kinds || ${COMMENT_KINDS} WHERE kinds <> '{}'`);
    await queryRunner.query(
      `ALTER TABLE notification_preferences ALTER kinds SET DEFAULT '{assigned,opened,escalated,due-soon,overdue,comment.mentioned,comment.added}'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE notification_preferences ALTER kinds SET DEFAULT '{assigned,opened,escalated,due-soon,overdue}'`);
    await queryRunner.query(
      `UPDATE notification_preferences SET kinds = array_remove(array_remove(kinds, 'comment.mentioned'), 'comment.added')`,
    );
    await queryRunner.query(noteCauses(BEFORE));
    await queryRunner.query('DROP TABLE task_comments');
  }
}
