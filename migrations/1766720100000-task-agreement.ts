/**
 * What a decision made of its task's suggestion, field by field, and an index of the decisions that have it: the page that tells how often
 * people agree reads the newest of each workflow.
 *
 * Locks: `tasks` and its partitions exclusively, for an instant (the column has no default), then against writes while the index is built;
 * it is empty at first, so that is one read of the table. Breaks a running older version: no; its decisions are not counted.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TaskAgreement1766720100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE tasks ADD COLUMN agreement jsonb');
    await queryRunner.query('CREATE INDEX tasks_agreement ON tasks (tenant, workflow, ended_at DESC) WHERE agreement IS NOT NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX tasks_agreement');
    await queryRunner.query('ALTER TABLE tasks DROP COLUMN agreement');
  }
}
