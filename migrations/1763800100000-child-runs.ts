/**
 * Runs that start runs and wait for them, and what runs have to say to each other.
 *
 * Why: a child knows whom to tell of its end; messages between runs are written with the facts that cause them and delivered afterwards.
 * Locks: runs, for a moment, to take the column. Breaks a running older version: no, it writes neither.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ChildRuns1763800100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(CHILDREN);
    await queryRunner.query(OUTBOX);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UNDO);
  }
}

const CHILDREN = /* sql */ `
ALTER TABLE runs DROP CONSTRAINT runs_started_by_check;
ALTER TABLE runs ADD CONSTRAINT runs_started_by_check CHECK (started_by IN ('api', 'event', 'schedule', 'emitter', 'parent'));
-- the run that waits for the end of this one; NULL also for a child that was detached
ALTER TABLE runs ADD COLUMN parent_run uuid;`;

const OUTBOX = /* sql */ `
-- What one run has to say to another: in the commit of the fact that causes it; gone when it is in the other's inbox.
CREATE TABLE outbox (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  run_id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  dedupe_key text COLLATE "C" NOT NULL,
  payload jsonb,
  PRIMARY KEY (tenant, id)
);`;

const UNDO = /* sql */ `
DROP TABLE outbox;
ALTER TABLE runs DROP COLUMN parent_run;
ALTER TABLE runs DROP CONSTRAINT runs_started_by_check;
ALTER TABLE runs ADD CONSTRAINT runs_started_by_check CHECK (started_by IN ('api', 'event', 'schedule', 'emitter'));`;
