/**
 * Which workers died with a run in their hands.
 *
 * Why: a step that ends its process must not end one process after the other; see docs/adr/0007-poison-with-blame.md.
 * Locks: runs, dispatches and workers, for a moment, to take the columns; the indexes are built over no rows. Breaks a running older
 * version: no. It blames nobody and clears nobody, and leaves suspects to a newer one, because it does not have what they need.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Crashes1764500000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(CRASHES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UNDO);
  }
}

const CRASHES = /* sql */ `
-- the workers that died with it since it last waited: first two in common, then each alone with it; NULL: none, which costs a row nothing
ALTER TABLE runs ADD COLUMN crashes uuid[];
CREATE INDEX runs_blamed ON runs (queue, id) WHERE crashes IS NOT NULL;
ALTER TABLE dispatches ADD COLUMN crashes uuid[];
CREATE INDEX dispatches_blamed ON dispatches (queue, id) WHERE crashes IS NOT NULL;
-- it fell silent, and has not come back to say that it had only been frozen
ALTER TABLE workers ADD COLUMN crashed boolean NOT NULL DEFAULT false;`;

const UNDO = /* sql */ `
UPDATE runs SET needs = workflow || '@' || version WHERE crashes IS NOT NULL;
UPDATE dispatches d SET needs = r.needs FROM runs r WHERE d.crashes IS NOT NULL AND r.tenant = d.tenant AND r.id = d.run_id;
ALTER TABLE runs DROP COLUMN crashes;
ALTER TABLE dispatches DROP COLUMN crashes;
ALTER TABLE workers DROP COLUMN crashed;`;
