/**
 * What each decision was made on, kept as it was, and the chain that shows whether somebody has changed it since.
 *
 * Why: `decisions` has a record for each decision of a task, and for each that was taken back, written by the statement that decides;
 * `forms` has each JSON Schema of a form once, by its hash, for ever; `decision_seals` has the place of each record in its tenant's chain,
 * without one until the sealer comes by. It is narrow, has no partitions and stays when the records of an old month are dropped.
 * Locks: none, it only adds tables and replaces a function. Breaks a running older version: no; what it decides has no record.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DecisionRecords1766740000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    await queryRunner.query(LIKE_TASKS);
    await queryRunner.query(PARTITIONS);
    await queryRunner.query('SELECT ensure_partitions()');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // ensure_partitions() skips what is not there, so it may stay.
    await queryRunner.query('DROP TABLE decision_seals, decisions, forms');
  }
}

const TABLES = /* sql */ `
CREATE TABLE forms (
  tenant text COLLATE "C" NOT NULL,
  -- SHA-256 of the canonical JSON, in hexadecimal digits
  hash text COLLATE "C" NOT NULL,
  form jsonb NOT NULL,
  PRIMARY KEY (tenant, hash)
);

-- The id is that of the entry in task_history.
CREATE TABLE decisions (
  tenant text COLLATE "C" NOT NULL,
  task_id uuid NOT NULL,
  id uuid NOT NULL,
  record jsonb NOT NULL,
  PRIMARY KEY (tenant, task_id, id)
) PARTITION BY RANGE (task_id);

CREATE TABLE decision_seals (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  task_id uuid NOT NULL,
  -- null until it is sealed: its place in the chain, SHA-256 of its record, and the hash of the seal, which covers that of the one before
  seq bigint,
  content text COLLATE "C",
  hash text COLLATE "C",
  -- of the key that made the hash; null where there is none
  key_id text COLLATE "C",
  sealed_at timestamptz
);
CREATE UNIQUE INDEX decision_seals_in_order ON decision_seals (tenant, seq) WHERE seq IS NOT NULL;
CREATE INDEX decision_seals_of_tasks ON decision_seals (tenant, task_id) WHERE seq IS NOT NULL;
-- the only one that a decision writes to
CREATE INDEX decision_seals_open ON decision_seals (tenant, id) WHERE seq IS NULL;`;

/** A task of any month that is still there may be decided yet, and goes with its records. */
const LIKE_TASKS = /* sql */ `
DO $do$ DECLARE
  tasks record;
BEGIN
  FOR tasks IN
    SELECT replace(c.relname, 'tasks_', 'decisions_') AS partition_name, pg_get_expr(c.relpartbound, c.oid) AS bounds
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'tasks'::regclass
  LOOP
    PERFORM make_partition('decisions', tasks.partition_name);
    EXECUTE format('ALTER TABLE decisions ATTACH PARTITION %I %s', tasks.partition_name, tasks.bounds);
  END LOOP;
END $do$;`;

const PARTITIONS = /* sql */ `
CREATE OR REPLACE FUNCTION ensure_partitions(around timestamptz DEFAULT clock_timestamp()) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  month timestamp;
  partition_name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('stepwell.partitions'));
  -- every table that has tenants and is partitioned by the range of an id: a migration that adds one need not name it here
  FOR parent IN
    SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
      JOIN pg_attribute key ON key.attrelid = c.oid AND key.attnum = p.partattrs[0] AND key.atttypid = 'uuid'::regtype
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
    WHERE c.relnamespace = current_schema()::regnamespace AND p.partstrat = 'r' AND p.partnatts = 1 ORDER BY c.relname
  LOOP
    FOR month IN SELECT date_trunc('month', around AT TIME ZONE 'UTC') + make_interval(months => step) FROM generate_series(-1, 2) step LOOP
      partition_name := format('%s_%s', parent, to_char(month, 'YYYYMM'));
      IF to_regclass(partition_name) IS NULL THEN
        PERFORM make_partition(parent, partition_name);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition_name,
          uuid_floor(month AT TIME ZONE 'UTC'), uuid_floor((month + interval '1 month') AT TIME ZONE 'UTC'));
      END IF;
    END LOOP;
  END LOOP;
END $$;`;
