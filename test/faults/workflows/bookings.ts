/**
 * A row of the author's own, written in the transaction of the step that says so: there if and only if the step has completed, and never
 * written twice. What is written twice shows in `revision`.
 */
import type { StepContext } from '@stepwell/sdk';

type InTransaction = Pick<StepContext<{ readonly op: number }, unknown>, 'input' | 'runId' | 'transaction'>;

export const BOOKINGS = /* sql */ `
CREATE SCHEMA faults;
CREATE TABLE faults.bookings (run_id uuid NOT NULL, step text NOT NULL, op int NOT NULL, total int NOT NULL, revision int NOT NULL DEFAULT 1, PRIMARY KEY (run_id, step));
CREATE TABLE faults.mended (op int PRIMARY KEY);
CREATE TABLE faults.ended (run_id uuid PRIMARY KEY, status text NOT NULL, ended_at timestamptz)`;

export interface Booking {
  readonly op: number;
  readonly total: number;
}

export function book(ctx: InTransaction, step: string, total: number): Promise<Booking> {
  const { op } = ctx.input;
  return ctx.transaction(async (manager) => {
    await manager.query(
      `INSERT INTO faults.bookings AS b (run_id, step, op, total) VALUES ($1, $2, $3, $4)
       ON CONFLICT (run_id, step) DO UPDATE SET revision = b.revision + 1`,
      [ctx.runId, step, op, total],
    );
    return { op, total };
  });
}
