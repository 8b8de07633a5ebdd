/** The mixed runs of a campaign: started at its beginning, told to go on, or to stop, while it kills; some before they listen. */
import { insertRuns, pgSql, uuidV7 } from '@stepwell/storage';
import type { Journal } from '../../faults/load/journal.js';
import type { Database } from '../database.js';
import type { MixedInput } from './mixed.workflow.js';

export const MIXED_RUNS = 500;

/** One run in ten is stopped. What each is to come to is in these columns, for the auditor. */
export const MIXED_TABLE = /* sql */ `
CREATE TABLE crash_test.mixed (id text PRIMARY KEY, items int NOT NULL, weight int NOT NULL, stops boolean NOT NULL, event_id uuid NOT NULL)`;

export class MixedLoad {
  private told = 0;
  private readonly events: { readonly id: string; readonly name: string }[] = [];

  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
  ) {}

  /** Starts all of them; a run can start only once, because its key is its id. */
  async start(): Promise<void> {
    await this.database.query(MIXED_TABLE);
    const inputs = Array.from({ length: MIXED_RUNS }, (_, number): MixedInput => ({ id: `mixed-${number}`, items: number % 9 }));
    for (const [number, { id, items }] of inputs.entries()) {
      const [stops, event] = [number % 10 === 7, uuidV7()];
      this.events.push({ id: event, name: stops ? 'mixed.stop' : 'mixed.go' });
      await this.database.query('INSERT INTO crash_test.mixed VALUES ($1, $2, $3, $4, $5)', [id, items, number, stops, event]);
    }
    const run = { tenant: 'default', workflow: 'mixed', version: 1, queue: 'default', worker: null, startedBy: 'api' } as const;
    const runs = inputs.map((input) => ({
      ...{ ...run, id: uuidV7(), actor: null, causeEvent: null, causeRun: null, key: input.id, priority: 0, permitKey: null },
      input: JSON.stringify(input),
    }));
    runs.sort((a, b) => (a.key < b.key ? -1 : 1));
    const asked = runs.map(({ id, key }) => ({ op: this.journal.next(), id, about: { workflow: run.workflow, key } }));
    for (const { op, about } of asked) this.journal.ask(op, { kind: 'start', about });
    await insertRuns(pgSql(this.database.connections), runs);
    for (const { op, id } of asked) this.journal.acknowledge(op, 'start', 1, { runId: id });
  }

  /**
   * Emits the events of the next runs, up to a share of all.
   *
   * @param share from 0 to 1
   */
  async tellUpTo(share: number): Promise<void> {
    const upTo = Math.round(MIXED_RUNS * Math.min(1, share));
    for (; this.told < upTo; this.told++) {
      const [op, event] = [this.journal.next(), this.events[this.told]];
      this.journal.ask(op, { kind: 'emit', about: { name: event?.name } });
      // A statement whose answer was lost is said again, and changes nothing the second time.
      await this.database.surely(
        `INSERT INTO events (tenant, id, name, payload)
         SELECT 'default', event_id, CASE WHEN stops THEN 'mixed.stop' ELSE 'mixed.go' END, jsonb_build_object('id', id, 'weight', weight)
         FROM crash_test.mixed WHERE id = $1 ON CONFLICT DO NOTHING`,
        [`mixed-${this.told}`],
      );
      this.journal.acknowledge(op, 'emit', 1, { eventId: event?.id });
    }
  }
}
