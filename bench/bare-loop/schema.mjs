// The three tables of the bare loop: what a durable journal cannot do without.
//
//   run      one row per run: its status, and the lease (worker, epoch, until when) that says who may advance it
//   step     one row per finished step: the journal, read again after a crash
//   history  one row per fact, for people: every engine writes some such thing, so the anchor pays for it too
//
// Half of the columns and indexes (wake_at, parent, pending) serve waits and children. They are there for every workload: a run row without
// them would be cheaper than any engine's.

/** `status` of a run. */
export const STATUS = { queued: 0, running: 1, waiting: 2, completed: 3 };

// fillfactor 70 leaves room on the page, so that an update that touches no indexed column stays there (HOT).
const TABLES = `
CREATE TABLE run (
  id uuid PRIMARY KEY,
  wf text NOT NULL,
  status smallint NOT NULL DEFAULT 0,
  epoch int NOT NULL DEFAULT 0,
  worker text,
  lease_until timestamptz,
  wake_at timestamptz,
  parent uuid,
  pending int NOT NULL DEFAULT 0,
  input jsonb,
  output jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);
CREATE INDEX ON run (created_at) WHERE status = 0;
CREATE INDEX ON run (wake_at) WHERE status = 2 AND wake_at IS NOT NULL;
CREATE INDEX ON run (lease_until) WHERE status = 1;
CREATE INDEX ON run (parent) WHERE parent IS NOT NULL;

CREATE TABLE step (
  run_id uuid NOT NULL,
  seq int NOT NULL,
  name text NOT NULL,
  output jsonb,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, seq)
);

CREATE TABLE history (
  run_id uuid NOT NULL,
  seq int NOT NULL,
  type text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, seq)
);`;

/** Makes the tables in an empty database. */
export async function createTables(database) {
  await database.query(TABLES);
}
