/**
 * What people are told of their tasks: what happened, whom it concerns, and the messages that go out.
 *
 * Why: what is to be told must be there when what caused it is, and not otherwise; so a trigger writes the cause in the statement that
 * writes the task's history, whichever statement that is. It writes nothing unless a process that sends has said so lately
 * (`notifying`), and so the statements of the engine need not know of it.
 * Locks: task_history exclusively, for an instant. Breaks a running older version: no.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Notifications1766750000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
-- One row: until when causes are written. Whoever plans holds it.
CREATE TABLE notifying (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO notifying DEFAULT VALUES;

-- Something of which somebody may have to be told; gone when it is known whom.
CREATE TABLE notice_causes (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  task_id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  actor jsonb,
  details jsonb,
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, id)
);
CREATE INDEX notice_causes_due ON notice_causes (due_at);

CREATE FUNCTION note_causes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM notifying WHERE until > clock_timestamp()) THEN
    INSERT INTO notice_causes (tenant, task_id, kind, actor, details)
    SELECT tenant, task_id, kind, actor, details FROM added WHERE kind IN ('opened', 'reassigned', 'delegated', 'escalated');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER task_history_noted AFTER INSERT ON task_history REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION note_causes();

-- How a person wants to be told. Who has no row has the defaults, and no address.
CREATE TABLE notification_preferences (
  tenant text COLLATE "C" NOT NULL,
  user_id uuid NOT NULL,
  address text,
  address_nonce text,
  address_asked_at timestamptz,
  address_verified_at timestamptz,
  channels text[] COLLATE "C" NOT NULL DEFAULT '{mail,webhook}',
  kinds text[] COLLATE "C" NOT NULL DEFAULT '{assigned,opened,escalated,due-soon,overdue}',
  rhythm text COLLATE "C" NOT NULL DEFAULT 'at-once' CHECK (rhythm IN ('at-once', 'hourly', 'daily')),
  daily_at text NOT NULL DEFAULT '08:00',
  zone text NOT NULL DEFAULT 'UTC',
  quiet_from text,
  quiet_until text,
  PRIMARY KEY (tenant, user_id)
);

-- One message to one person on one channel; its id is the receiver's to know a repetition by.
CREATE TABLE notifications (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  user_id uuid NOT NULL,
  channel text COLLATE "C" NOT NULL,
  purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('notices', 'verification')),
  status text COLLATE "C" NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'dropped', 'dead')),
  attempts int NOT NULL DEFAULT 0,
  -- while it is being sent: when another process takes it for lost
  next_at timestamptz NOT NULL,
  error text,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX notifications_due ON notifications (next_at) WHERE status = 'queued';
CREATE INDEX notifications_dead ON notifications (tenant, user_id, id) WHERE status = 'dead';

-- One thing to tell one person; several may go in one message.
CREATE TABLE notices (
  tenant text COLLATE "C" NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  user_id uuid NOT NULL,
  channel text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  task_id uuid NOT NULL,
  actor jsonb,
  note text,
  at timestamptz NOT NULL,
  send_at timestamptz NOT NULL,
  notification_id uuid,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX notices_waiting ON notices (send_at) WHERE notification_id IS NULL;
CREATE INDEX notices_of ON notices (tenant, notification_id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
      DROP TRIGGER task_history_noted ON task_history;
      DROP FUNCTION note_causes();
      DROP TABLE notices, notifications, notification_preferences, notice_causes, notifying;
    `);
  }
}
