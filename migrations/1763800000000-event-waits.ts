/**
 * Runs that wait for events, and events that cancel runs.
 *
 * Why: the router finds who waits for an event from the database alone, by an index. Locks: event_deliveries and events, for a moment, to
 * take the new statuses and an index. Breaks a running older version: no, it writes none of the new statuses.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EventWaits1763800000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(MATCHING);
    await queryRunner.query(WAITS);
    await queryRunner.query(DELIVERIES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UNDO);
  }
}

const MATCHING = /* sql */ `
-- The names of the fields that a match asks for: all matches of one shape are looked up by one key.
CREATE FUNCTION match_shape(match jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(field ORDER BY field COLLATE "C"), '{}') FROM jsonb_object_keys(match) AS field
$$;

-- The values of these fields as one short text, the same for a match and for a payload that fits it; NULL where a field is missing.
CREATE FUNCTION match_key(fields jsonb, shape text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN shape = '{}' THEN '' WHEN jsonb_typeof(fields) = 'object' AND fields ?& shape
    THEN md5((SELECT jsonb_agg(fields -> field ORDER BY place) FROM unnest(shape) WITH ORDINALITY AS f(field, place))::text) END
$$;`;

const WAITS = /* sql */ `
-- A live run listens: at a node that waits for an event, or for one that cancels it. Gone when the wait or the run ends.
CREATE TABLE event_waits (
  tenant text COLLATE "C" NOT NULL,
  run_id uuid NOT NULL,
  id uuid NOT NULL,
  event text COLLATE "C" NOT NULL,
  shape text[] COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  -- from when on events count
  since timestamptz NOT NULL,
  -- whether the events that came before it have been looked for
  looked_up boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant, run_id, id)
);
CREATE INDEX event_waits_by_match ON event_waits (tenant, event, shape, key);
CREATE INDEX event_waits_new ON event_waits (id) WHERE NOT looked_up;

CREATE INDEX events_by_name ON events (tenant, name, id);`;

const DELIVERIES = /* sql */ `
-- A delivery to a wait: pending until the run is told, then delivered, then what the run made of it.
ALTER TABLE event_deliveries DROP CONSTRAINT event_deliveries_status_check;
ALTER TABLE event_deliveries ADD CONSTRAINT event_deliveries_status_check
  CHECK (status IN ('pending', 'started', 'declined', 'duplicate', 'failed', 'delivered', 'woke', 'canceled'));
CREATE INDEX event_deliveries_to_waits ON event_deliveries (event_id) WHERE status = 'pending' AND workflow IS NULL;
CREATE INDEX event_deliveries_by_run ON event_deliveries (tenant, run_id) WHERE run_id IS NOT NULL;`;

const UNDO = /* sql */ `
DROP INDEX event_deliveries_by_run, event_deliveries_to_waits, events_by_name;
DELETE FROM event_deliveries WHERE status IN ('delivered', 'woke', 'canceled');
ALTER TABLE event_deliveries DROP CONSTRAINT event_deliveries_status_check;
ALTER TABLE event_deliveries ADD CONSTRAINT event_deliveries_status_check
  CHECK (status IN ('pending', 'started', 'declined', 'duplicate', 'failed'));
DROP TABLE event_waits;
DROP FUNCTION match_key, match_shape;`;
