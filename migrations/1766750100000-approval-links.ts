/**
 * Links by which a task is decided from a message: each for one person, one answer and one use.
 *
 * Why: a decision that is a yes or a no should not need the inbox. Only the hash of a link's token is kept, so nobody who reads the
 * database can use one; what it answers is kept with it, so a later deploy changes nothing about what a message has offered.
 * Locks: none that anybody waits for. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ApprovalLinks1766750100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
CREATE TABLE approval_links (
  tenant text COLLATE "C" NOT NULL,
  token_hash text COLLATE "C" NOT NULL,
  task_id uuid NOT NULL,
  user_id uuid NOT NULL,
  label text NOT NULL,
  answer jsonb NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (token_hash)
);
CREATE INDEX approval_links_expired ON approval_links (expires_at);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE approval_links');
  }
}
