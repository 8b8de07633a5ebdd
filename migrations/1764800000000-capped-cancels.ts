/**
 * A run under a cap that is to be canceled says so in its row from the moment of the request, and can be found by it.
 *
 * Why: nobody reads the inbox of a run that queues for a permit, so its cancel was not heard before another run had left the place. The
 * trigger marks the run in the commit of the message: no statement can forget it. A cancel by an event is marked by who delivers it.
 * Locks: runs and inbox against writes while the index is built. The index is empty but for runs that are just being canceled, and
 * its column changes only with a cancel, so it costs no other update its being HOT. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CappedCancels1764800000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(MARK);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UNDO);
  }
}

const MARK = /* sql */ `
CREATE INDEX runs_capped_canceled ON runs (queue, id)
  WHERE status = 'queued' AND permit_key IS NOT NULL AND cancel_requested_at IS NOT NULL;
-- The writer of the message has the run's lock.
CREATE FUNCTION mark_capped_cancel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE runs SET cancel_requested_at = clock_timestamp()
  WHERE tenant = NEW.tenant AND id = NEW.run_id AND permit_key IS NOT NULL AND cancel_requested_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER inbox_cancel AFTER INSERT ON inbox FOR EACH ROW
  WHEN (NEW.kind IN ('cancel.requested', 'task.canceled'))
  EXECUTE FUNCTION mark_capped_cancel();
UPDATE runs SET cancel_requested_at = clock_timestamp()
WHERE permit_key IS NOT NULL AND cancel_requested_at IS NULL AND status NOT IN ('completed', 'failed', 'canceled')
  AND (tenant, id) IN (SELECT tenant, run_id FROM inbox WHERE kind IN ('cancel.requested', 'task.canceled'));`;

const UNDO = /* sql */ `
DROP TRIGGER inbox_cancel ON inbox;
DROP FUNCTION mark_capped_cancel();
DROP INDEX runs_capped_canceled;`;
