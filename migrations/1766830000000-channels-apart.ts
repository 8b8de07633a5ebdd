/**
 * Messages that are due are found by their channel.
 *
 * Why: each channel is sent by itself, so that one whose server is away delays no other; what waits for it, however much, must not be
 * walked over by those who look for what is due elsewhere.
 * Locks: notifications, against writers, while the index is built. Breaks a running older version: no; it looks by all that is queued.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ChannelsApart1766830000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      CREATE INDEX notifications_due_on ON notifications (channel, next_at) WHERE status = 'queued';
      DROP INDEX notifications_due;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      CREATE INDEX notifications_due ON notifications (next_at) WHERE status = 'queued';
      DROP INDEX notifications_due_on;
    `);
  }
}
