/**
 * The example's own tables: the registry of strikes and the cases of the follow-up.
 *
 * Why: modules keep their data in a schema of their own, apart from Stepwell's. Locks: creates only. Breaks a running older version: no,
 * nothing older knows these schemas.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StrikeRegistry1763700100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(REGISTRY);
    await queryRunner.query(CASES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA strike_followup CASCADE');
    await queryRunner.query('DROP SCHEMA strike_review CASCADE');
  }
}

const REGISTRY = /* sql */ `
CREATE SCHEMA strike_review;

-- One row per report, however often it is reviewed; revision counts the filings, so a filing done twice shows.
CREATE TABLE strike_review.filed_strikes (
  tenant text COLLATE "C" NOT NULL,
  report_id text COLLATE "C" NOT NULL,
  run_id uuid NOT NULL,
  verdict text COLLATE "C" NOT NULL CHECK (verdict IN ('filed', 'confirmed', 'corrected', 'rejected')),
  severity text COLLATE "C" NOT NULL CHECK (severity IN ('none', 'minor', 'substantial')),
  note text,
  airport text NOT NULL,
  aircraft text NOT NULL,
  operator text NOT NULL,
  species text NOT NULL,
  flight_date date NOT NULL,
  damage text NOT NULL,
  cost_total bigint NOT NULL,
  revision int NOT NULL DEFAULT 1,
  filed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, report_id)
);`;

const CASES = /* sql */ `
CREATE SCHEMA strike_followup;

-- One row per follow-up that has ended.
CREATE TABLE strike_followup.closed_cases (
  tenant text COLLATE "C" NOT NULL,
  report_id text COLLATE "C" NOT NULL,
  run_id uuid NOT NULL,
  outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('agreed', 'upheld', 'downgraded', 'closed-unanswered')),
  letter text COLLATE "C" NOT NULL CHECK (letter IN ('agreed', 'disputed', 'unanswered')),
  statement text,
  note text,
  revision int NOT NULL DEFAULT 1,
  closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, report_id)
);`;
