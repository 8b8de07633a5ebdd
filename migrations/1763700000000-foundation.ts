/**
 * The tables of Stepwell.
 *
 * Why: the first migration; nothing exists before it. Locks: creates only. Breaks a running older version: there is none.
 *
 * Every table has a tenant and has it in every key. Tables that grow with time are range-partitioned by id (UUIDv7, so by age); there
 * is no DEFAULT partition: ensure_partitions() makes the coming months ahead. What must be unique across time (run_keys, emissions,
 * slots) is narrow and unpartitioned. Lock order of every statement in the system: runs by id, then tasks, events, emissions by key.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Foundation1763700000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const part of [INSTALLATION, RUNS, TASKS, EVENTS, SCHEDULES, EMITTERS, PEOPLE, PARTITIONS]) await queryRunner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('The first migration cannot be undone: drop the database instead.');
  }
}

const INSTALLATION = /* sql */ `
-- UUIDv7 where the database makes the id; PostgreSQL has its own from 18 on.
DO $do$ BEGIN
  IF to_regprocedure('uuidv7()') IS NOT NULL THEN
    CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT uuidv7()';
  ELSE
    CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
      SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
    $$;
  END IF;
END $do$;

CREATE TABLE installation (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  signing_key text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Worker incarnations and until when their leases hold. No tenant: a worker serves all of them.
CREATE TABLE workers (
  id uuid PRIMARY KEY,
  host text NOT NULL,
  pid int NOT NULL,
  roles text[] NOT NULL,
  queues text[] NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);

CREATE TABLE workflow_versions (
  tenant text COLLATE "C" NOT NULL,
  workflow text COLLATE "C" NOT NULL,
  version int NOT NULL,
  title text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('workflow', 'emitter')),
  fingerprint text NOT NULL,
  graph jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, workflow, version)
);`;

const RUNS = /* sql */ `
-- One row per run. Narrow: what lists filter on, plus lease and epoch. Payloads live in the journal.
CREATE TABLE runs (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  workflow text COLLATE "C" NOT NULL,
  version int NOT NULL,
  -- what a worker must host to fold this run (workflow@version); it never claims what it cannot
  needs text COLLATE "C" NOT NULL,
  queue text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL CHECK (status IN ('queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'canceled')),
  wait_reasons text[] NOT NULL DEFAULT '{}',
  -- the lease: which worker incarnation, and the fencing token; "until when" is in workers
  worker uuid,
  epoch int NOT NULL DEFAULT 0,
  -- raised by everyone who appends to the inbox; giving up the lease compares it
  attention int NOT NULL DEFAULT 0,
  last_seq int NOT NULL DEFAULT 0,
  due_at timestamptz,
  cancel_requested_at timestamptz,
  -- why it exists: started by a person, an event, a schedule, an emitter
  started_by text COLLATE "C" NOT NULL CHECK (started_by IN ('api', 'event', 'schedule', 'emitter')),
  actor jsonb,
  cause_event uuid,
  cause_run uuid,
  -- idempotency keys of steps are computed from the lineage root, so an unedited retry keeps them
  lineage_root uuid NOT NULL,
  error_code text,
  error_message text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  PRIMARY KEY (tenant, id)
) PARTITION BY RANGE (id);
CREATE INDEX runs_claimable ON runs (queue, id) WHERE status = 'queued';
CREATE INDEX runs_due ON runs (due_at) WHERE status = 'waiting' AND due_at IS NOT NULL;
CREATE INDEX runs_leased ON runs (worker) WHERE status = 'running';
CREATE INDEX runs_by_workflow ON runs (tenant, workflow, id);
CREATE INDEX runs_by_cause_run ON runs (tenant, cause_run) WHERE cause_run IS NOT NULL;

CREATE FUNCTION refuse_terminal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'run % has ended as %; it cannot become %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER runs_terminal BEFORE UPDATE ON runs FOR EACH ROW
  WHEN (OLD.status IN ('completed', 'failed', 'canceled') AND NEW.status IS DISTINCT FROM OLD.status)
  EXECUTE FUNCTION refuse_terminal_change();

-- The idempotency keys of starts, enforced across time.
CREATE TABLE run_keys (
  tenant text COLLATE "C" NOT NULL,
  workflow text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  run_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, workflow, key)
);

-- The truth: the append-only facts of each run. Only the lease owner inserts, fenced by the epoch.
CREATE TABLE journal (
  tenant text COLLATE "C" NOT NULL,
  run_id uuid NOT NULL,
  seq int NOT NULL,
  type text COLLATE "C" NOT NULL,
  version smallint NOT NULL DEFAULT 1,
  path text COLLATE "C" NOT NULL DEFAULT '',
  iteration text COLLATE "C" NOT NULL DEFAULT '',
  attempt int NOT NULL DEFAULT 0,
  payload jsonb,
  -- set instead of payload when the payload is in blobs
  payload_blob text COLLATE "C",
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, run_id, seq)
) PARTITION BY RANGE (run_id);

CREATE TABLE blobs (
  tenant text COLLATE "C" NOT NULL,
  run_id uuid NOT NULL,
  hash text COLLATE "C" NOT NULL,
  data jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, run_id, hash)
) PARTITION BY RANGE (run_id);

-- What others have to say to a run: answers, signals, results. The owner turns rows into facts; a consumed row is gone.
CREATE TABLE inbox (
  tenant text COLLATE "C" NOT NULL,
  run_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  kind text COLLATE "C" NOT NULL,
  dedupe_key text COLLATE "C" NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, run_id, id),
  UNIQUE (tenant, run_id, dedupe_key)
);

-- Steps handed to workers of another queue, each with a fence of its own.
CREATE TABLE dispatches (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  run_id uuid NOT NULL,
  path text COLLATE "C" NOT NULL,
  iteration text COLLATE "C" NOT NULL,
  attempt int NOT NULL,
  queue text COLLATE "C" NOT NULL,
  needs text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running')),
  worker uuid,
  epoch int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, id)
);
CREATE INDEX dispatches_claimable ON dispatches (queue, id) WHERE status = 'queued';
CREATE INDEX dispatches_leased ON dispatches (worker) WHERE status = 'running';
CREATE INDEX dispatches_by_run ON dispatches (tenant, run_id);`;

const TASKS = /* sql */ `
-- One screen waiting in one run. Decided once, by compare-and-set on version.
CREATE TABLE tasks (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  run_id uuid NOT NULL,
  path text COLLATE "C" NOT NULL,
  iteration text COLLATE "C" NOT NULL,
  workflow text COLLATE "C" NOT NULL,
  workflow_version int NOT NULL,
  screen text COLLATE "C" NOT NULL,
  title text NOT NULL,
  subject text NOT NULL,
  instructions text,
  status text COLLATE "C" NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'claimed', 'completed', 'canceled', 'expired')),
  version int NOT NULL DEFAULT 1,
  priority int NOT NULL DEFAULT 0,
  due_at timestamptz,
  -- what the reviewer saw and the form they filled in: stored with the decision
  props jsonb,
  form jsonb NOT NULL,
  claimed_by jsonb,
  claimed_until timestamptz,
  draft jsonb,
  draft_by jsonb,
  draft_version int NOT NULL DEFAULT 0,
  answer jsonb,
  decided_by jsonb,
  idempotency_key text,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  PRIMARY KEY (tenant, id)
) PARTITION BY RANGE (id);
CREATE INDEX tasks_inbox ON tasks (tenant, priority DESC, id) WHERE status IN ('open', 'claimed');
CREATE INDEX tasks_by_run ON tasks (tenant, run_id);
CREATE FUNCTION refuse_decided_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'task % is %; it cannot become %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER tasks_terminal BEFORE UPDATE ON tasks FOR EACH ROW
  WHEN (OLD.status IN ('completed', 'canceled', 'expired') AND NEW.status IS DISTINCT FROM OLD.status)
  EXECUTE FUNCTION refuse_decided_change();

CREATE TABLE task_history (
  tenant text COLLATE "C" NOT NULL,
  task_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  kind text COLLATE "C" NOT NULL,
  actor jsonb,
  details jsonb,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, task_id, id)
) PARTITION BY RANGE (task_id);`;

const EVENTS = /* sql */ `
CREATE TABLE events (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  payload jsonb,
  idempotency_key text COLLATE "C",
  source_run uuid,
  source_path text COLLATE "C",
  actor jsonb,
  routed boolean NOT NULL DEFAULT false,
  emitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, id)
) PARTITION BY RANGE (id);
CREATE INDEX events_unrouted ON events (id) WHERE NOT routed;
CREATE INDEX events_by_source ON events (tenant, source_run) WHERE source_run IS NOT NULL;

-- Which workflow versions listen to which events; known from the database, not from the code of whoever routes.
CREATE TABLE triggers (
  tenant text COLLATE "C" NOT NULL,
  event text COLLATE "C" NOT NULL,
  workflow text COLLATE "C" NOT NULL,
  version int NOT NULL,
  once boolean NOT NULL DEFAULT false,
  active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (tenant, event, workflow)
);

-- One row per event and consumer: what the event did there.
CREATE TABLE event_deliveries (
  tenant text COLLATE "C" NOT NULL,
  event_id uuid NOT NULL,
  consumer text COLLATE "C" NOT NULL,
  workflow text COLLATE "C",
  version int,
  status text COLLATE "C" NOT NULL CHECK (status IN ('pending', 'started', 'declined', 'duplicate', 'failed')),
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  run_id uuid,
  error text,
  decided_at timestamptz,
  PRIMARY KEY (tenant, event_id, consumer)
) PARTITION BY RANGE (event_id);
CREATE INDEX event_deliveries_pending ON event_deliveries (workflow, next_attempt_at) WHERE status = 'pending';`;

const SCHEDULES = /* sql */ `
CREATE TABLE schedules (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  workflow text COLLATE "C" NOT NULL,
  cron text NOT NULL,
  zone text NOT NULL,
  overlap text COLLATE "C" NOT NULL CHECK (overlap IN ('skip', 'allow')),
  catch_up text COLLATE "C" NOT NULL CHECK (catch_up IN ('latest', 'all', 'none')),
  input jsonb,
  active boolean NOT NULL DEFAULT true,
  -- slots at or before this instant are settled
  settled_until timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, id)
);

-- One due time of one schedule; the unique row decides who fires it.
CREATE TABLE slots (
  tenant text COLLATE "C" NOT NULL,
  schedule text COLLATE "C" NOT NULL,
  due_at timestamptz NOT NULL,
  outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('fired', 'skipped')),
  reason text,
  run_id uuid,
  settled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, schedule, due_at)
);`;

const EMITTERS = /* sql */ `
-- The emitter's ledger: each record key once per emitter, for ever, with the run it started.
CREATE TABLE emissions (
  tenant text COLLATE "C" NOT NULL,
  emitter text COLLATE "C" NOT NULL,
  record_key text COLLATE "C" NOT NULL,
  run_id uuid NOT NULL,
  PRIMARY KEY (tenant, emitter, record_key)
);

-- One row per record read by an emitter run, so that the ledger is counted and never kept in counters.
CREATE TABLE emission_reads (
  tenant text COLLATE "C" NOT NULL,
  emitter_run uuid NOT NULL,
  batch int NOT NULL,
  ordinal int NOT NULL,
  emitter text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('started', 'deduplicated', 'rejected')),
  position int,
  record_key text COLLATE "C",
  -- the run that handles the record (for a deduplicated one, the run of its first emission)
  run_id uuid,
  reason text,
  excerpt text,
  PRIMARY KEY (tenant, emitter_run, batch, ordinal)
) PARTITION BY RANGE (emitter_run);
CREATE INDEX emission_reads_by_emitter ON emission_reads (tenant, emitter, outcome);
CREATE INDEX emission_reads_by_run ON emission_reads (tenant, run_id) WHERE outcome = 'started';

CREATE TABLE emitter_cursors (
  tenant text COLLATE "C" NOT NULL,
  emitter text COLLATE "C" NOT NULL,
  cursor jsonb,
  emitter_run uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, emitter)
);`;

const PEOPLE = /* sql */ `
CREATE TABLE users (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  name text COLLATE "C" NOT NULL,
  display_name text NOT NULL,
  role text COLLATE "C" NOT NULL CHECK (role IN ('reviewer', 'operator', 'admin')),
  password_hash text NOT NULL,
  password_is_one_time boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, id),
  UNIQUE (tenant, name)
);

CREATE TABLE sessions (
  tenant text COLLATE "C" NOT NULL,
  token_hash text COLLATE "C" NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, token_hash)
);

CREATE TABLE audit_log (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  actor jsonb,
  action text COLLATE "C" NOT NULL,
  target text,
  outcome text COLLATE "C" NOT NULL,
  details jsonb,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, id)
) PARTITION BY RANGE (id);`;

const PARTITIONS = /* sql */ `
-- The smallest UUIDv7 of an instant: the bound of a partition.
CREATE FUNCTION uuid_floor(instant timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM instant) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

-- Makes the monthly partitions from the month before 'around' to two months after it; what exists stays. Called at boot and daily.
CREATE FUNCTION ensure_partitions(around timestamptz DEFAULT clock_timestamp()) RETURNS void LANGUAGE plpgsql AS $$
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
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', partition_name, parent,
          uuid_floor(month AT TIME ZONE 'UTC'), uuid_floor((month + interval '1 month') AT TIME ZONE 'UTC'));
        IF parent = 'runs' THEN
          -- room on each page, so that the updates of a run's life stay on it
          EXECUTE format('ALTER TABLE %I SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)', partition_name);
        END IF;
      END IF;
    END LOOP;
  END LOOP;
END $$;

SELECT ensure_partitions();`;
