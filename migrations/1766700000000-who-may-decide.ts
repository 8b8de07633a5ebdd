/**
 * Who may not decide a task, and whether its screen's author is to be asked.
 *
 * Why: a screen may refuse those who started its run or what led to it (`ownWork: 'refused'`), so a task names them when it opens, by id;
 * and it may have a function of the author's (`mayDecide`), which no statement can call: a statement passes such a task by until its caller
 * has asked. `starters_of` follows a run to what it came from, as far as rows are left: its parent, its cause, the run that it retries, the
 * event that began it. Behind a key is whoever made it.
 * Locks: tasks, for a moment; nothing is rewritten.
 * Breaks a running older version: no, but it lets those decide who may not; end it before a workflow refuses anybody.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class WhoMayDecide1766700000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      ALTER TABLE tasks ADD COLUMN excluded text[] COLLATE "C", ADD COLUMN asks_author boolean NOT NULL DEFAULT false;
      CREATE FUNCTION maker_of_key(of_tenant text, of_actor text) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT k.created_by ->> 'id' FROM api_keys k
        WHERE k.tenant = of_tenant AND k.id = CASE WHEN of_actor ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN of_actor::uuid END
      $$;
      CREATE FUNCTION starters_of(of_tenant text, of_run uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
        WITH RECURSIVE line (run, event) AS (
          SELECT of_run, NULL::uuid
          UNION
          SELECT origin.run, origin.event FROM line l
          LEFT JOIN runs r ON r.tenant = of_tenant AND r.id = l.run
          LEFT JOIN events e ON e.tenant = of_tenant AND e.id = l.event
          CROSS JOIN LATERAL (VALUES (r.cause_run, NULL), (r.parent_run, NULL), (r.retry_of, NULL), (NULL, r.cause_event), (e.source_run, NULL)) AS origin (run, event)
          WHERE coalesce(origin.run, origin.event) IS NOT NULL),
        actors (id) AS (
          SELECT r.actor ->> 'id' FROM line l JOIN runs r ON r.tenant = of_tenant AND r.id = l.run
          UNION
          SELECT e.actor ->> 'id' FROM line l JOIN events e ON e.tenant = of_tenant AND e.id = l.event)
        SELECT coalesce(array_agg(DISTINCT one.id) FILTER (WHERE one.id IS NOT NULL), '{}')
        FROM actors a CROSS JOIN LATERAL (VALUES (a.id), (maker_of_key(of_tenant, a.id))) AS one (id)
      $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      DROP FUNCTION starters_of(text, uuid);
      DROP FUNCTION maker_of_key(text, text);
      ALTER TABLE tasks DROP COLUMN excluded, DROP COLUMN asks_author;
    `);
  }
}
