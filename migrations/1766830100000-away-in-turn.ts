/**
 * Those who are away and stand in for each other keep nobody's task to themselves.
 *
 * Why: a chain of substitutes that comes back to where it was ended at whoever was its fifth. Now it is followed until somebody is there;
 * where nobody is, whoever was meant has the task, or, where others may claim it, they do (`assignee_of`).
 * Locks: none. Breaks a running older version: no; `stand_in_of` names somebody, as before.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AwayInTurn1766830100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      CREATE FUNCTION is_away(of_tenant text, of_name text) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT FROM users u WHERE u.tenant = of_tenant AND u.name = of_name
          AND u.substitute IS NOT NULL AND u.away_from <= clock_timestamp() AND u.away_until > clock_timestamp())
      $$;
      CREATE OR REPLACE FUNCTION stand_in_of(of_tenant text, of_name text) RETURNS text LANGUAGE sql STABLE AS $$
        WITH RECURSIVE chain (name, names) AS (
          SELECT of_name COLLATE "C", ARRAY[of_name] COLLATE "C"
          UNION ALL
          SELECT u.substitute, c.names || u.substitute FROM chain c JOIN users u ON u.tenant = of_tenant AND u.name = c.name
          WHERE is_away(of_tenant, c.name) AND NOT u.substitute = ANY(c.names) AND cardinality(c.names) < 50)
        SELECT coalesce((SELECT name FROM chain WHERE NOT is_away(of_tenant, name) LIMIT 1), of_name)
      $$;
      CREATE FUNCTION assignee_of(of_tenant text, of_name text, others_may boolean) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT CASE WHEN others_may AND is_away(of_tenant, s.name) THEN NULL ELSE s.name END FROM stand_in_of(of_tenant, of_name) AS s (name)
      $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      DROP FUNCTION assignee_of(text, text, boolean);
      CREATE OR REPLACE FUNCTION stand_in_of(of_tenant text, of_name text) RETURNS text LANGUAGE sql STABLE AS $$
        WITH RECURSIVE chain (name, hops) AS (
          SELECT of_name COLLATE "C", 0
          UNION ALL
          SELECT u.substitute, c.hops + 1 FROM chain c JOIN users u ON u.tenant = of_tenant AND u.name = c.name
          WHERE u.substitute IS NOT NULL AND u.away_from <= clock_timestamp() AND u.away_until > clock_timestamp() AND c.hops < 5)
        SELECT name FROM chain ORDER BY hops DESC LIMIT 1
      $$;
      DROP FUNCTION is_away(text, text);
    `);
  }
}
