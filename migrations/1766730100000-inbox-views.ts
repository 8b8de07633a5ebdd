/**
 * Saved views of the inbox: a filter and an order under a name, of one person or for everybody of the tenant.
 *
 * Locks: nothing that is there. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class InboxViews1766730100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      CREATE TABLE inbox_views (
        tenant text COLLATE "C" NOT NULL,
        id uuid NOT NULL,
        owner jsonb NOT NULL,
        name text COLLATE "C" NOT NULL,
        is_shared bool NOT NULL,
        filter jsonb NOT NULL,
        ordering text COLLATE "C",
        saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (tenant, id)
      );
      CREATE UNIQUE INDEX inbox_views_name ON inbox_views (tenant, (owner ->> 'id'), name);
      CREATE INDEX inbox_views_shared ON inbox_views (tenant, name) WHERE is_shared;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE inbox_views');
  }
}
