/**
 * Operators are told of a task that nobody may decide any more.
 *
 * Why: such a task waits for ever, and nobody whose task it was hears of it. The entry of its history that left it to nobody says so
 * (`isNobodyLeft`), whichever statement writes it, so `note_causes` notes that, too: without who did it, who is told as others are. The new
 * kind of notice is for whoever has chosen kinds before, unless he has chosen none at all. Whether a group has anybody is asked for each
 * task that opens for it, and in a group without anybody would be a read of all people: it has an index.
 * Locks: users against writes while the index is built; then notification_preferences against everybody, for a moment. Breaks a running
 * older version: in one place. It passes such a cause by, but its form of what to be told of is refused when it is saved, since it sends the
 * new kind back, which it does not know.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const noteCauses = (alsoNobodyLeft: string): string => /* sql */ `
CREATE OR REPLACE FUNCTION note_causes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM notifying WHERE until > clock_timestamp()) THEN
    INSERT INTO notice_causes (tenant, task_id, kind, actor, details)
    SELECT tenant, task_id, kind, actor, details FROM added WHERE kind IN ('opened', 'reassigned', 'delegated', 'escalated', 'commented', 'comment-edited')
    ${alsoNobodyLeft};
  END IF;
  RETURN NULL;
END $$;`;

const KINDS = 'assigned,opened,escalated,due-soon,overdue,comment.mentioned,comment.added';

export class NobodyLeft1766890000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // People are written seldom; what is pending would be read with each question.
    await queryRunner.query('CREATE INDEX users_by_group ON users USING gin (groups) WITH (fastupdate = off)');
    await queryRunner.query(
      noteCauses(`UNION ALL SELECT tenant, task_id, 'nobody-left', NULL, NULL FROM added WHERE details ? 'isNobodyLeft'`),
    );
    await queryRunner.query(`UPDATE notification_preferences SET kinds = kinds || '{nobody-left}' WHERE kinds <> '{}'`);
    await queryRunner.query(`ALTER TABLE notification_preferences ALTER kinds SET DEFAULT '{${KINDS},nobody-left}'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE notification_preferences ALTER kinds SET DEFAULT '{${KINDS}}'`);
    await queryRunner.query(`UPDATE notification_preferences SET kinds = array_remove(kinds, 'nobody-left')`);
    await queryRunner.query(noteCauses(''));
    await queryRunner.query(`DELETE FROM notice_causes WHERE kind = 'nobody-left'`);
    await queryRunner.query('DROP INDEX users_by_group');
  }
}
