/**
 * Decisions that can be taken back for a while.
 *
 * Why: a screen with an undo window holds each decision for some seconds. The message to the run waits in its inbox (`held_until`), and the
 * task says how long its screen holds decisions (`undo_ms`) and until when this one can be taken back (`undo_until`). Until then, and only
 * then, the trigger lets a completed task become claimed again. The end of its run or branch may cancel it a minute longer: it is written
 * by a worker that has looked before.
 * Locks: `inbox` and `tasks` with its partitions exclusively, for an instant: no column has a default. Breaks a running older version: it
 * reads what is held at once; end older processes before a screen has an undo window.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const GUARD = (mayChange: string): string => /* sql */ `
CREATE OR REPLACE TRIGGER tasks_terminal BEFORE UPDATE ON tasks FOR EACH ROW
  WHEN (OLD.status IN ('completed', 'canceled', 'expired') AND NEW.status IS DISTINCT FROM OLD.status${mayChange})
  EXECUTE FUNCTION refuse_decided_change()`;

const IN_ITS_WINDOW = /* sql */ `
    AND NOT coalesce(OLD.status = 'completed' AND (
      NEW.status = 'claimed' AND OLD.undo_until > clock_timestamp()
      OR NEW.status = 'canceled' AND OLD.undo_until > clock_timestamp() - interval '1 minute'), false)`;

export class UndoWindows1766641000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE inbox ADD COLUMN held_until timestamptz');
    await queryRunner.query('ALTER TABLE tasks ADD COLUMN undo_ms int, ADD COLUMN undo_until timestamptz');
    await queryRunner.query(GUARD(IN_ITS_WINDOW));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(GUARD(''));
    await queryRunner.query('ALTER TABLE tasks DROP COLUMN undo_ms, DROP COLUMN undo_until');
    await queryRunner.query('ALTER TABLE inbox DROP COLUMN held_until');
  }
}
