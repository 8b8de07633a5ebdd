/** Whether there is anything to tell runs: one look for three statements that mostly have nothing to do. Takes no lock. */
import { type Sql, statement } from '../sql.js';

export interface RunsToTell {
  /** Waits that were not looked up yet. */
  readonly waits: boolean;
  /** Events that were routed to waits. */
  readonly events: boolean;
  /** Messages of other runs. */
  readonly messages: boolean;
}

export const RUNS_TO_TELL = statement(
  'runs-to-tell',
  `SELECT EXISTS (SELECT FROM event_waits WHERE NOT looked_up) AS waits,
     EXISTS (SELECT FROM event_deliveries WHERE status = 'pending' AND workflow IS NULL) AS events,
     EXISTS (SELECT FROM outbox) AS messages`,
);

export async function runsToTell(sql: Sql): Promise<RunsToTell> {
  const [row] = await sql.query<RunsToTell>(RUNS_TO_TELL, []);
  return row ?? { waits: false, events: false, messages: false };
}
