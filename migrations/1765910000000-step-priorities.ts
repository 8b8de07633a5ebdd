/**
 * Priorities of steps: of a step on another queue, and of a run while it waits at a step that has one.
 *
 * Why: a step that somebody waits for should not stand behind a backlog of what nobody does.
 * Locks: runs, for a column without a default; dispatches, until its index is built: commits wait meanwhile. Breaks a running older
 * version: no; what it dispatches has priority 0.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StepPriorities1765910000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(COLUMNS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UNDO);
  }
}

const COLUMNS = /* sql */ `
-- The priority of the run itself, while a step lends it another one.
ALTER TABLE runs ADD COLUMN own_priority smallint;
ALTER TABLE dispatches ADD COLUMN priority smallint NOT NULL DEFAULT 0;
DROP INDEX dispatches_claimable;
CREATE INDEX dispatches_claimable ON dispatches (queue, priority DESC, id) WHERE status = 'queued';`;

const UNDO = /* sql */ `
DROP INDEX dispatches_claimable;
ALTER TABLE dispatches DROP COLUMN priority;
CREATE INDEX dispatches_claimable ON dispatches (queue, id) WHERE status = 'queued';
UPDATE runs SET priority = own_priority WHERE own_priority IS NOT NULL AND status NOT IN ('completed', 'failed', 'canceled');
ALTER TABLE runs DROP COLUMN own_priority;`;
