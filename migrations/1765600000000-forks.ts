/**
 * Runs that are forks of others.
 *
 * Why: a person may have a run done again from any node, in a run of its own, whose cause is the run it was forked from.
 * Locks: runs, while the condition is checked against them. Breaks a running older version: no, it starts none.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Forks1765600000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(startedBy(`'api', 'event', 'schedule', 'emitter', 'parent', 'fork'`));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(startedBy(`'api', 'event', 'schedule', 'emitter', 'parent'`));
  }
}

const startedBy = (ways: string) => /* sql */ `
ALTER TABLE runs DROP CONSTRAINT runs_started_by_check;
ALTER TABLE runs ADD CONSTRAINT runs_started_by_check CHECK (started_by IN (${ways}));`;
