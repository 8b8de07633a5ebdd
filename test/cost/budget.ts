/**
 * What a unit of work may cost the database. Statements, commits and rows are the exact numbers, so that less is written down too;
 * HOT share and WAL bytes are bounds with some two percent of room, because they depend on where rows happen to lie on their pages.
 * Raising a number needs a line in docs/reference/performance.md that says what was bought; its table has to repeat these numbers.
 */
import type { TableCost } from './meter.js';

export type Unit = 'three-step run' | 'screen' | 'async result' | 'timer wait' | 'event wait' | 'child' | 'emitted record';

export interface Budget {
  readonly unit: Unit;
  /** How many are under way at once. */
  readonly batch: 1 | 100;
  /** Calls for one batch, by name. */
  readonly statements: Readonly<Record<string, number>>;
  /** Transactions that write, for one batch: each waits for the disk. */
  readonly commits: number;
  /** Rows of one unit, with its share of what a batch has once; tables that are absent are not written at all. `updated` counts HOT ones too. */
  readonly rows: Readonly<Record<string, Omit<TableCost, 'hot'>>>;
  /** At least this share of the updates of `runs` changes no index. */
  readonly hotShare: number;
  /** At most, for one unit. */
  readonly walBytes: number;
}

const rows = (inserted: number, updated = 0, deleted = 0) => ({ inserted, updated, deleted });

/** What a claim takes of runs that have waited here, whose folds were kept, and that were told something. */
const CLAIMS_OF_KNOWN = { 'claim-runs': 1, 'read-inbox': 1 };

const THREE_STEPS = {
  unit: 'three-step run',
  // The row of the run is updated by each commit after the insert; five facts: started, three steps, ended.
  rows: { runs: rows(1, 3), journal: rows(5) },
} as const;

const SCREEN = {
  unit: 'screen',
  // The run: task opened and lease given up, message appended, claimed, message read, step done and ended. The decision leaves its record.
  rows: {
    runs: rows(1, 5),
    journal: rows(5),
    tasks: rows(1, 1),
    task_history: rows(2),
    decisions: rows(1),
    decision_seals: rows(1),
    inbox: rows(1, 0, 1),
  },
} as const;

const ASYNC_RESULT = {
  unit: 'async result',
  // The run: suspended and lease given up, handed over, result and step, the end. The step that asks has two facts, the result one.
  rows: { runs: rows(1, 4), journal: rows(6), inbox: rows(1, 0, 1) },
  commits: 5,
  hotShare: 0.24,
} as const;

/** Who brings results brings the runs with them, so nobody claims these; they were here, so nothing of them is read. */
const RESULTS = { 'insert-runs': 1, flush: 2, 'settle-async-results': 1, 'flush-with-inbox': 1 };

const TIMER_WAIT = {
  unit: 'timer wait',
  // The run: timer set and lease given up, claimed, wait over with the step done and ended. Five facts: started, those of the wait, step, ended.
  rows: { runs: rows(1, 3), journal: rows(5) },
  commits: 4,
  hotShare: 0,
} as const;

/** When the next one is due is asked once when a timer has rung, however many were due. Nothing is read of runs that were told nothing. */
const TIMERS = { 'insert-runs': 1, flush: 2, 'claim-runs': 1, 'next-due': 1 };

const EVENT_WAIT = {
  unit: 'event wait',
  // The run as with a screen. The wait: looked up, gone. The event: routed. The delivery: made, the run told, taken.
  rows: {
    runs: rows(1, 5),
    journal: rows(6),
    event_waits: rows(1, 1, 1),
    events: rows(1, 1),
    event_deliveries: rows(1, 2),
    inbox: rows(1, 0, 1),
  },
  hotShare: 0.19,
} as const;

/** Two passes of the router: one when runs have begun to wait, one when the events have come. */
const eventWaits = (count: 1 | 100) => ({
  'insert-runs': 1,
  flush: 1,
  'flush-with-effects': 1,
  // A wait that was heard is closed by its id, as a task is.
  'flush-with-withdrawals': 1,
  ...CLAIMS_OF_KNOWN,
  'insert-event': count,
  'route-events': 1,
  'event-work': 2,
  'look-up-waits': 1,
  'deliver-to-waits': 1,
});

const CHILD = {
  unit: 'child',
  // The parent: child begun and lease given up, told, claimed, its end. The child begins leased, and ends. Each update changes the status.
  rows: { runs: rows(2, 5), journal: rows(7), outbox: rows(1, 0, 1), inbox: rows(1, 0, 1) },
  commits: 6,
  hotShare: 0,
} as const;

/** The parents were here, and are claimed when they are told of the ends. */
const CHILDREN = {
  'insert-runs': 1,
  'flush-with-effects': 2,
  'flush-with-inbox': 1,
  ...CLAIMS_OF_KNOWN,
  'event-work': 1,
  'deliver-outbox': 1,
};

const EMITTED_RECORD = { unit: 'emitted record', commits: 3, hotShare: 0 } as const;

/** The emitter's run, its batch in one transaction, and the runs of one step that it has started, which begin leased. */
const RECORDS = {
  'insert-runs': 2,
  'read-emitter-cursor': 1,
  'start transaction': 1,
  'set transaction isolation level read committed': 1,
  'show transaction_read_only': 1,
  'set local idle_in_transaction_session_timeout = $1': 1,
  'set local plan_cache_mode = $1': 1,
  'lock-run': 1,
  'move-emitter-cursor': 1,
  'claim-record-keys': 1,
  'insert-emission-reads': 1,
  commit: 1,
  flush: 2,
};

/** An emitter's own part, shared by so many records: a run with three facts, ended by its only update; and its cursor. */
const recordRows = (count: number) => ({
  runs: rows(1 + 1 / count, 1 + 1 / count),
  journal: rows(3 + 3 / count),
  emissions: rows(1),
  emission_reads: rows(1),
  emitter_cursors: rows(0, 1 / count),
});

/** What one person's decision takes, however many decide at once: each is a transaction of its own. */
const decisions = (count: number) => ({
  'read-tasks': count,
  begin: count,
  'append-inbox': count,
  'decide-task': count,
  commit: count,
});

/**
 * A batch of 100 takes as many statements of the engine as one run does. That is no luck of timing: runs that start in one turn of the
 * event loop are one insert, the answer of a statement resolves all its runs in one turn, and nothing between two commits of these runs
 * waits for anything but the database; so they move in step. A run that leaves its group costs a statement more, and shows.
 */
export const BUDGETS: readonly Budget[] = [
  { ...THREE_STEPS, batch: 1, statements: { 'insert-runs': 1, flush: 3 }, commits: 4, hotShare: 0.66, walBytes: 2_800 },
  { ...THREE_STEPS, batch: 100, statements: { 'insert-runs': 1, flush: 3 }, commits: 4, hotShare: 0.66, walBytes: 2_760 },
  {
    ...SCREEN,
    batch: 1,
    statements: {
      'insert-runs': 1,
      ...CLAIMS_OF_KNOWN,
      flush: 1,
      'flush-with-effects': 1,
      'flush-with-inbox': 1,
      ...decisions(1),
    },
    commits: 6,
    hotShare: 0.19,
    walBytes: 8_850,
  },
  {
    ...SCREEN,
    batch: 100,
    statements: {
      'insert-runs': 1,
      ...CLAIMS_OF_KNOWN,
      flush: 1,
      'flush-with-effects': 1,
      'flush-with-inbox': 1,
      ...decisions(100),
    },
    commits: 105,
    hotShare: 0.19,
    walBytes: 8_850,
  },
  { ...ASYNC_RESULT, batch: 1, statements: RESULTS, walBytes: 4_700 },
  { ...ASYNC_RESULT, batch: 100, statements: RESULTS, walBytes: 4_650 },
  { ...TIMER_WAIT, batch: 1, statements: TIMERS, walBytes: 3_460 },
  { ...TIMER_WAIT, batch: 100, statements: TIMERS, walBytes: 3_370 },
  { ...EVENT_WAIT, batch: 1, statements: eventWaits(1), commits: 9, walBytes: 8_750 },
  { ...EVENT_WAIT, batch: 100, statements: eventWaits(100), commits: 108, walBytes: 9_050 },
  { ...CHILD, batch: 1, statements: CHILDREN, walBytes: 6_700 },
  { ...CHILD, batch: 100, statements: CHILDREN, walBytes: 6_620 },
  { ...EMITTED_RECORD, batch: 1, statements: RECORDS, rows: recordRows(1), walBytes: 4_850 },
  { ...EMITTED_RECORD, batch: 100, statements: RECORDS, rows: recordRows(100), walBytes: 2_780 },
];

export const MOST_IDLE_STATEMENTS_PER_MINUTE = 60;

/**
 * What one process with all roles does by the clock alone, by name. A heartbeat every five seconds, a sweep and a look at the events every
 * ten, and twice a minute a question whether the LISTEN connection is alive. Schedules are asked for when they are due, and cost nothing
 * before.
 */
export const IDLE_STATEMENTS_PER_MINUTE: Readonly<Record<string, number>> = {
  heartbeat: 12,
  'take-over-runs': 6,
  'take-over-dispatches': 6,
  'next-due': 6,
  'claim-runs': 6,
  // Only where a hosted step has a queue of this process.
  'claim-dispatches': 6,
  'event-work': 6,
  'select $1': 2,
};
