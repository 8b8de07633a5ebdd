/**
 * Caps over runs, priorities, and an index by which the claim walks from tenant to tenant.
 *
 * Why: a workflow may limit how many of its runs are at work (`concurrency`) or alive (`singleton`) at a time; of the runs that queue, those
 * of a higher priority go first, and no tenant's backlog stands before another's runs.
 * Locks: runs, until the two indexes are built: starts and commits wait meanwhile. Breaks a running older version: it goes on, but claims
 * without an index, and takes runs of a capped workflow without a permit: end the older processes before a workflow gets its first cap.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Permits1764300000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(PERMITS);
    await queryRunner.query(RUNS);
    await queryRunner.query(FREE);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UNDO);
  }
}

const PERMITS = /* sql */ `
-- The caps of the hosted workflows, as the process that started last has them. No tenant: they count per tenant. NULL: lifted; there may
-- be runs that were started while there was one.
CREATE TABLE caps (
  workflow text COLLATE "C" PRIMARY KEY,
  capacity int CHECK (capacity > 0),
  -- until when a run holds its permit: it gives its lease up (concurrency), or it ends (singleton)
  held_until text COLLATE "C" NOT NULL CHECK (held_until IN ('wait', 'end'))
);

-- One row is one place under a cap, held by a run. Free places are no rows: the primary key is the cap.
CREATE TABLE permits (
  tenant text COLLATE "C" NOT NULL,
  workflow text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  number int NOT NULL,
  run_id uuid NOT NULL,
  held_until text COLLATE "C" NOT NULL CHECK (held_until IN ('wait', 'end')),
  granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, workflow, key, number),
  UNIQUE (tenant, run_id)
);`;

const RUNS = /* sql */ `
ALTER TABLE runs
  ADD COLUMN priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN -10 AND 10),
  -- set when the workflow has a cap: runs of one tenant, workflow and key share its permits
  ADD COLUMN permit_key text COLLATE "C";
DROP INDEX runs_claimable;
CREATE INDEX runs_claimable ON runs (queue, tenant, priority DESC, id) WHERE status = 'queued' AND permit_key IS NULL;
CREATE INDEX runs_capped ON runs (queue, tenant, workflow, permit_key, priority DESC, id) WHERE status = 'queued' AND permit_key IS NOT NULL;`;

const FREE = /* sql */ `
-- Whatever takes a run out of 'running' frees its permit in the same commit, under the run's lock: no statement can forget it.
CREATE FUNCTION free_permit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM permits
  WHERE tenant = NEW.tenant AND run_id = NEW.id AND (held_until = 'wait' OR NEW.status IN ('completed', 'failed', 'canceled'));
  RETURN NEW;
END $$;
CREATE TRIGGER runs_permit BEFORE UPDATE ON runs FOR EACH ROW
  WHEN (OLD.permit_key IS NOT NULL AND OLD.status <> NEW.status AND NEW.status <> 'running')
  EXECUTE FUNCTION free_permit();`;

const UNDO = /* sql */ `
DROP TRIGGER runs_permit ON runs;
DROP FUNCTION free_permit();
DROP INDEX runs_capped;
DROP INDEX runs_claimable;
CREATE INDEX runs_claimable ON runs (queue, id) WHERE status = 'queued';
ALTER TABLE runs DROP COLUMN permit_key, DROP COLUMN priority;
DROP TABLE permits;
DROP TABLE caps;`;
