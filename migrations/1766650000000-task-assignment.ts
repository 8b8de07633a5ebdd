/**
 * Whom a task is for, when it should be looked at again, the groups of people, and who stands in for them while they are away.
 *
 * Why: a task may have an assignee and candidates, by the names that people sign in with. An assignee who is away is replaced when he is
 * named, by `stand_in_of`, over several hops. `assigned_for` keeps who was meant.
 * Locks: tasks and users, for a moment, nothing is rewritten; the index is built under a lock that keeps writers of tasks out meanwhile.
 * Breaks a running older version: no, but it lets anybody claim any task; end it before a workflow names people.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TaskAssignment1766650000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      ALTER TABLE tasks ADD COLUMN assignee text COLLATE "C", ADD COLUMN assigned_for text COLLATE "C",
        ADD COLUMN candidate_users text[] COLLATE "C", ADD COLUMN candidate_groups text[] COLLATE "C", ADD COLUMN follow_up_at timestamptz;
      CREATE INDEX tasks_assigned ON tasks (tenant, assignee, priority DESC, id) WHERE status IN ('open', 'claimed') AND assignee IS NOT NULL;
      ALTER TABLE users ADD COLUMN groups text[] COLLATE "C" NOT NULL DEFAULT '{}',
        ADD COLUMN away_from timestamptz, ADD COLUMN away_until timestamptz, ADD COLUMN substitute text COLLATE "C";
      CREATE FUNCTION stand_in_of(of_tenant text, of_name text) RETURNS text LANGUAGE sql STABLE AS $$
        WITH RECURSIVE chain (name, hops) AS (
          SELECT of_name COLLATE "C", 0
          UNION ALL
          SELECT u.substitute, c.hops + 1 FROM chain c JOIN users u ON u.tenant = of_tenant AND u.name = c.name
          WHERE u.substitute IS NOT NULL AND u.away_from <= clock_timestamp() AND u.away_until > clock_timestamp() AND c.hops < 5)
        SELECT name FROM chain ORDER BY hops DESC LIMIT 1
      $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      DROP FUNCTION stand_in_of(text, text);
      ALTER TABLE users DROP COLUMN groups, DROP COLUMN away_from, DROP COLUMN away_until, DROP COLUMN substitute;
      ALTER TABLE tasks DROP COLUMN assignee, DROP COLUMN assigned_for, DROP COLUMN candidate_users, DROP COLUMN candidate_groups, DROP COLUMN follow_up_at;
    `);
  }
}
