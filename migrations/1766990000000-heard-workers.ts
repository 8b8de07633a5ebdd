/**
 * When each worker was last heard, and since when somebody was heard again and again by then.
 *
 * Why: who is silent is dead only if he could have been heard. A worker that has just begun, or has missed a heartbeat, could not say so for a
 * whole lease; what others were heard to say in that time tells it, and survives them.
 * Locks: `workers`, a few rows, for a moment. Breaks a running older version: no. What it is heard to say is nobody's evidence but its own.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class HeardWorkers1766990000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE workers ADD COLUMN heard_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN heard_since timestamptz NOT NULL DEFAULT now();',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE workers DROP COLUMN heard_at, DROP COLUMN heard_since;');
  }
}
