/**
 * Weights of tenants, and how many runs of one may be at work at a time.
 *
 * Why: an operator gives one tenant a greater share of the workers than another, and keeps one from having all of them.
 * Locks: none, a new table. Breaks a running older version: no; it claims without heeding what is in there.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TenantShares1766980200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLE);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE tenant_shares');
  }
}

const TABLE = /* sql */ `
-- A tenant without a row has weight 1 and no limit.
CREATE TABLE tenant_shares (
  tenant text COLLATE "C" PRIMARY KEY,
  weight int NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 100),
  -- how many runs, of all workflows and queues; NULL: no limit
  at_work int CHECK (at_work > 0),
  -- raised by each claim of runs of a tenant with a limit: who has an older one in its snapshot has not seen what that claim took
  turn bigint NOT NULL DEFAULT 0,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);`;
