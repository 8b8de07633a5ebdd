/**
 * Which versions of which workflows each worker takes runs of.
 *
 * Why: a run whose version no worker has says so, and so does the page of its workflow.
 * Locks: `workers` exclusively, for an instant: the column has no default. Breaks a running older version: no; of its workers it is not
 * known what they have.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class HostedVersions1766300000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE workers ADD COLUMN hosts text[]');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE workers DROP COLUMN hosts');
  }
}
