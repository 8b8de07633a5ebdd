/**
 * An index of the answers that did not decide their task, by when they were given, for the figures of a team.
 *
 * Why: a history is partitioned by when its tasks were opened, and a period is of when they were answered. It has a row for each answer
 * to a task that several people answer, and so none where no screen has `reviews`.
 * Locks: `task_history` against writes while it is built, about a second per million entries; such an answer is one more entry of an index
 * from then on. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GivenAnswers1766960000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX task_history_reviewed ON task_history (tenant, at) WHERE kind = 'reviewed'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX task_history_reviewed');
  }
}
