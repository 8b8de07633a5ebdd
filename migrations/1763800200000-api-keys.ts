/**
 * Keys by which machines call the API.
 *
 * Why: a machine has no browser for a session, and what it may do is revoked by itself.
 * Locks: none, it only adds a table. Breaks a running older version: no, it knows no keys.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ApiKeys1763800200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(API_KEYS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE api_keys');
  }
}

const API_KEYS = /* sql */ `
CREATE TABLE api_keys (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  name text NOT NULL,
  role text COLLATE "C" NOT NULL CHECK (role IN ('reviewer', 'operator', 'admin')),
  -- SHA-256 of the key, which is kept nowhere
  key_hash text COLLATE "C" NOT NULL,
  created_by jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  -- to the minute
  last_used_at timestamptz,
  PRIMARY KEY (tenant, id),
  UNIQUE (tenant, key_hash)
);`;
