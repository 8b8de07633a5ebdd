/**
 * Any run that is to be canceled says so in its row from the moment of the request, and a paused one is queued by it.
 *
 * Why: runs can be paused now. Nobody claims a paused run, so its cancel would be heard only when it is resumed; and a run that is to be
 * canceled must not be paused before it has heard it. Before, only runs under a cap were marked (1764800000000).
 * Locks: none that lasts: a function is replaced. Breaks a running older version: no; it does not pause, and claims no paused run.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PausedCancels1765500000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(MARK);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UNDO);
  }
}

const MARK = /* sql */ `
-- The writer of the message has the run's lock.
CREATE OR REPLACE FUNCTION mark_capped_cancel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE runs SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp()),
    status = CASE status WHEN 'paused' THEN 'queued' ELSE status END
  WHERE tenant = NEW.tenant AND id = NEW.run_id AND (cancel_requested_at IS NULL OR status = 'paused');
  RETURN NULL;
END $$;`;

const UNDO = /* sql */ `
CREATE OR REPLACE FUNCTION mark_capped_cancel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE runs SET cancel_requested_at = clock_timestamp()
  WHERE tenant = NEW.tenant AND id = NEW.run_id AND permit_key IS NOT NULL AND cancel_requested_at IS NULL;
  RETURN NULL;
END $$;`;
