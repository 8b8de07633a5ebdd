/**
 * Sessions: what several runs have in common, under a name of the tenant's, with data that they share.
 *
 * Why: runs that belong together are started, looked at and ended together, and one reads what another has written. They are in
 * `run_sessions`, because `sessions` has been the table of sign-ins since the first release, and a server of that release that still runs
 * would not find it under another name.
 * Locks: runs, for a moment (a column without a default), then against writes while an index is built that has no rows yet.
 * Breaks a running older version: no; it starts runs without a session.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RunSessions1766110000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP INDEX runs_of_session; ALTER TABLE runs DROP COLUMN session; DROP TABLE run_session_changes, run_sessions;',
    );
  }
}

const TABLES = /* sql */ `
-- It has expired from expires_at on, unless it was completed before: that is read, and stored nowhere.
CREATE TABLE run_sessions (
  tenant text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'completed')),
  data jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  expires_at timestamptz,
  created_by jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, name)
);
CREATE INDEX run_sessions_by_age ON run_sessions (tenant, created_at, name);
-- Changes that steps have made, by the key of each: a step that is entered again makes none twice. Gone when the session is completed.
CREATE TABLE run_session_changes (
  tenant text COLLATE "C" NOT NULL,
  session text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, session, key)
);
ALTER TABLE runs ADD COLUMN session text COLLATE "C";
CREATE INDEX runs_of_session ON runs (tenant, session, id) WHERE session IS NOT NULL;`;
