/**
 * `starters_of` stops behind the nearest hundred runs and events.
 *
 * Why: it is called while a run's row is locked, and a workflow whose end starts its next run has a line as long as its age. The limit is in
 * the walk, and not in the depth of a row: a retry leads to its cause by two ways, so rows of another depth would be walked twice. Rows are
 * looked up one by one (LIMIT): a join would read all of a young table at every step.
 * Locks: none; tasks keep what they name. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NearestStarters1766780000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(startersOf('SELECT run, event FROM walk LIMIT 100'));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(startersOf('SELECT run, event FROM walk'));
  }
}

/** PostgreSQL walks no further than rows are taken, and the nearest come first. */
function startersOf(line: string): string {
  return /* sql */ `
    CREATE OR REPLACE FUNCTION starters_of(of_tenant text, of_run uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
      WITH RECURSIVE walk (run, event) AS (
        SELECT of_run, NULL::uuid
        UNION
        SELECT origin.run, origin.event FROM walk w
        LEFT JOIN LATERAL (SELECT * FROM runs WHERE tenant = of_tenant AND id = w.run LIMIT 1) r ON true
        LEFT JOIN LATERAL (SELECT * FROM events WHERE tenant = of_tenant AND id = w.event LIMIT 1) e ON true
        CROSS JOIN LATERAL (VALUES (r.cause_run, NULL), (r.parent_run, NULL), (r.retry_of, NULL), (NULL, r.cause_event), (e.source_run, NULL)) AS origin (run, event)
        WHERE coalesce(origin.run, origin.event) IS NOT NULL),
      line AS MATERIALIZED (${line}),
      actors (id) AS (
        SELECT r.actor ->> 'id' FROM line l CROSS JOIN LATERAL (SELECT actor FROM runs WHERE tenant = of_tenant AND id = l.run LIMIT 1) r
        UNION
        SELECT e.actor ->> 'id' FROM line l CROSS JOIN LATERAL (SELECT actor FROM events WHERE tenant = of_tenant AND id = l.event LIMIT 1) e)
      SELECT coalesce(array_agg(DISTINCT one.id) FILTER (WHERE one.id IS NOT NULL), '{}')
      FROM actors a CROSS JOIN LATERAL (VALUES (a.id), (maker_of_key(of_tenant, a.id))) AS one (id)
    $$`;
}
