/**
 * What retention decides, month by month, and partitions that are made without stopping anybody.
 *
 * Why: old months are dropped, and an operator can read which, and why one waits; making a partition with CREATE TABLE ... PARTITION OF
 * locks its parent against everybody, attaching one does not. Locks: none, it only adds tables and replaces a function. Breaks a running
 * older version: no, it calls the same function.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Retention1764400000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(RETENTION);
    await queryRunner.query(PARTITIONS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // ensure_partitions() stays: the older build calls it, too.
    await queryRunner.query('DROP TABLE retention, housekeeping');
  }
}

const RETENTION = /* sql */ `
-- What was decided about an old month of a part of the data. No tenant: partitions hold the rows of all of them.
CREATE TABLE retention (
  part text COLLATE "C" NOT NULL CHECK (part IN ('runs', 'tasks', 'events', 'audit')),
  month date NOT NULL,
  -- nothing is dropped before this is a day old
  noticed_at timestamptz NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('noticed', 'waiting', 'busy', 'reduced', 'dropped')),
  -- rows of its leading table, and those of them that have to stay, when it was decided
  total bigint NOT NULL,
  kept bigint NOT NULL,
  reason text NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (part, month)
);

-- When the next pass is due: whoever moves it on makes that pass.
CREATE TABLE housekeeping (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  next_at timestamptz NOT NULL
);`;

const PARTITIONS = /* sql */ `
-- A table that can become a partition of 'parent', which is locked against nobody.
CREATE FUNCTION make_partition(parent text, partition_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition_name, parent);
  IF parent = 'runs' THEN
    -- room on each page, so that the updates of a run's life stay on it
    EXECUTE format('ALTER TABLE %I SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)', partition_name);
  END IF;
END $$;

-- Makes the monthly partitions from the month before 'around' to two months after it; what exists stays. Called at boot and daily.
CREATE OR REPLACE FUNCTION ensure_partitions(around timestamptz DEFAULT clock_timestamp()) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  month timestamp;
  partition_name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('stepwell.partitions'));
  FOREACH parent IN ARRAY ARRAY['runs', 'journal', 'blobs', 'tasks', 'task_history', 'events', 'event_deliveries', 'emission_reads', 'audit_log'] LOOP
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
