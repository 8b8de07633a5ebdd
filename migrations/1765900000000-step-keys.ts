/**
 * Outputs of steps that other runs may use: by an idempotency key of the author's, and cached ones.
 *
 * Why: two runs with one key do the work once, and what was computed is not computed again while it is fresh.
 * Locks: none that anybody waits for; the table is new. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StepKeys1765900000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLE);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE step_keys');
  }
}

const TABLE = /* sql */ `
-- In progress while expires_at is null: its holder has it until lease_until. Then completed, with the output, until expires_at.
CREATE TABLE step_keys (
  tenant text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('key', 'cache')),
  key text COLLATE "C" NOT NULL,
  holder text COLLATE "C" NOT NULL,
  lease_until timestamptz NOT NULL,
  output jsonb,
  expires_at timestamptz,
  PRIMARY KEY (tenant, kind, key)
);
CREATE INDEX step_keys_by_age ON step_keys (coalesce(expires_at, lease_until));`;
