/**
 * Known bugs, each switched on by STEPWELL_MUTATION in the processes of a campaign and nowhere else: what the product sends to the database
 * is made wrong on its way, or a piece of its code when the processes are made. Every one of them must be found; an auditor that finds none
 * of them shows nothing by finding nothing.
 */
import type { Fault } from '../faults.js';
import type { SceneName } from '../load/scenes.js';

export interface Mutation {
  /** What is wrong, as the story of such a bug is told. */
  readonly story: string;
  /** What keeps the database itself from it, and is taken away first; or what makes it likelier. */
  readonly sql?: string;
  /** By statement: a piece of its text, and what stands there instead. */
  readonly replace?: Readonly<Record<string, readonly (readonly [string | RegExp, string])[]>>;
  /** By file of the compiled program: a piece of it, and what stands there instead. */
  readonly source?: Readonly<Record<string, readonly [string, string]>>;
  /** What the load does that meets it. */
  readonly scenes: readonly SceneName[];
  /** What has to happen for it to show; nothing, for most. */
  readonly under?: readonly Fault[];
  /** By statement: one in so many is never sent, and is answered as if it had found nothing, or had done its work. */
  readonly swallow?: Readonly<Record<string, { readonly oneIn: number; readonly answer: 'nothing' | 'done' }>>;
}

const FLUSHES = ['flush', 'flush-with-inbox', 'flush-with-effects', 'flush-with-withdrawals', 'flush-with-escalations'];
const inFlushes = (names: readonly string[], ...pairs: (readonly [string | RegExp, string])[]): NonNullable<Mutation['replace']> =>
  Object.fromEntries(names.map((name) => [name, pairs]));

/** The key of the journal keeps two owners from writing the same fact. */
const WITHOUT_KEY_OF_JOURNAL = 'ALTER TABLE journal DROP CONSTRAINT journal_pkey; CREATE INDEX ON journal (tenant, run_id, seq)';
/** Who writes to an inbox keeps the row of its run locked for so long that its owner comes meanwhile, and has read what is not so any more. */
const SLOW_INBOX = `CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(random() * 0.1); RETURN NULL; END $$;
  CREATE TRIGGER take_time AFTER INSERT ON inbox FOR EACH STATEMENT EXECUTE FUNCTION take_time()`;

export const MUTATIONS = {
  'double-resume': {
    story: 'a message stays in the inbox when it has become a fact, and is read again',
    scenes: ['reviewed', 'told'],
    replace: inFlushes(FLUSHES.slice(1), [
      'WHERE x.id = c.run_id AND i.tenant',
      'WHERE hashtext(i.id::text) % 8 <> 0 AND x.id = c.run_id AND i.tenant',
    ]),
  },
  'one-shot-recovery': {
    story: 'the runs of dead workers are looked for and not found any more',
    scenes: ['ledger', 'paced'],
    under: ['kill'],
    swallow: { 'take-over-runs': { oneIn: 1, answer: 'nothing' } },
  },
  'lost-wake-up': {
    story: 'who writes to an inbox does not raise the attention of its run, which lies down beside it',
    scenes: ['told'],
    replace: {
      'append-inbox': [['attention = attention + 1, status', 'status']],
      'deliver-to-waits': [['attention = r.attention + 1, status', 'status']],
    },
  },
  'lost-early-event': {
    story: 'an event that came before its waiter is not looked up',
    scenes: ['mixed'],
    replace: { 'look-up-waits': [['e.emitted_at >= f.since', 'e.emitted_at >= f.since AND false']] },
  },
  'leaked-permit': {
    story: 'permits of runs that wait or have ended are not given back in time, nor swept',
    scenes: ['capped'],
    sql: 'ALTER TABLE runs DISABLE TRIGGER runs_permit',
    replace: { 'sweep-permits': [['WHERE coalesce', 'WHERE false AND coalesce']] },
  },
  'exceeded-cap': {
    story: 'claims that see the same free places take places of different numbers, and so both have them',
    scenes: ['capped'],
    replace: {
      'claim-runs-with-permits': [
        ['SELECT i AS number FROM generate_series', 'SELECT i + pg_backend_pid() % 1000 * 1000 AS number FROM generate_series'],
      ],
    },
  },
  'no-fence': {
    story: 'a flush does not look at the epoch nor at the last fact, so a zombie commits',
    sql: WITHOUT_KEY_OF_JOURNAL,
    scenes: ['unhurried'],
    under: ['zombie'],
    replace: inFlushes(FLUSHES, ['l.locked_epoch = l.epoch AND l.locked_seq = l.base_seq AND ', '']),
  },
  'fence-by-snapshot': {
    story: 'the fence joins a snapshot of the run and locks nothing',
    sql: SLOW_INBOX,
    scenes: ['told'],
    replace: inFlushes(FLUSHES, ['FOR NO KEY UPDATE', '']),
  },
  'stale-fold': {
    story: 'claim and fold are one statement: the fold is of a snapshot from before the claim, and misses what was committed meanwhile',
    sql: WITHOUT_KEY_OF_JOURNAL,
    scenes: ['told', 'reviewed', 'capped'],
    // The row of the run says how many facts there are; who folds fewer would notice.
    source: { 'libs/runtime/worker/activation.js': ['if (lastSeq !== expected) throw', 'if (false) throw'] },
    replace: {
      ...inFlushes(FLUSHES, ['l.locked_seq = l.base_seq AND ', '']),
      ...inFlushes(
        ['read-journal', 'read-journals-that-fit'],
        ['j.run_id = wanted.id', "j.run_id = wanted.id AND (j.seq = 1 OR j.at < clock_timestamp() - interval '250 ms')"],
      ),
    },
  },
  'double-fire-at-dst': {
    story: 'a time of the day is due by the clock on the wall, and comes twice in the night when that goes back',
    scenes: ['news'],
    source: {
      'libs/scheduling/cron-times.js': [
        'return this.cron.nextRun(new Date(after))?.getTime();',
        `const wall = (at) => new Date(at).toLocaleTimeString('en', { timeZone: this.cron.options.timezone ?? 'UTC' });
        const again = after + 3_600_000;
        return wall(again) === wall(after) && this.cron.match(new Date(after)) ? again : this.cron.nextRun(new Date(after))?.getTime();`,
      ],
    },
  },
  'lost-slot': {
    story: 'whoever settles a slot says that he has looked five seconds further than he has',
    scenes: ['news'],
    source: { 'libs/scheduling/due-slots.js': ['settledUntil = dueAt;', 'settledUntil = dueAt + 5_000;'] },
  },
  'unsorted-locks': {
    story: 'a flush locks its runs in any order, and two of them wait for each other',
    scenes: ['called'],
    replace: {
      ...inFlushes(FLUSHES, ['ORDER BY id) AS w', 'ORDER BY md5(id::text || pg_backend_pid())) AS w']),
      'deliver-to-waits': [
        ['FROM due ORDER BY run_id', 'FROM due ORDER BY md5(run_id::text || pg_backend_pid())'],
        ['SELECT DISTINCT tenant, run_id FROM due', 'SELECT tenant, run_id FROM due GROUP BY tenant, run_id'],
      ],
    },
  },
  'ledger-miscount': {
    story: 'a record that was read is missing in the ledger',
    scenes: ['news'],
    replace: {
      'insert-emission-reads': [
        [
          'AS r(outcome, position, record_key, run_id, reason, excerpt)',
          'AS r(outcome, position, record_key, run_id, reason, excerpt) WHERE r.position % 7 <> 3',
        ],
      ],
    },
  },
  'early-acknowledgement': {
    story: 'an event is acknowledged that was not stored',
    scenes: ['news'],
    swallow: { 'insert-event': { oneIn: 10, answer: 'done' } },
  },
  'second-start': {
    story: 'a key that was used starts another run',
    scenes: ['repeated'],
    replace: { 'insert-runs': [['ON CONFLICT DO NOTHING', 'ON CONFLICT (tenant, workflow, key) DO UPDATE SET run_id = EXCLUDED.run_id']] },
  },
  'two-decisions': {
    story: 'a task that was decided is decided again, and the run is told of the second decision',
    scenes: ['reviewed'],
    sql: 'ALTER TABLE tasks DISABLE TRIGGER ALL',
    replace: {
      'decide-task': [
        ['AND version = $4', ''],
        ["(status = 'open' OR", "($4::int > 0 AND status IN ('open', 'completed') OR"],
      ],
      'append-inbox': [
        [
          'ON CONFLICT (tenant, run_id, dedupe_key) DO NOTHING',
          'ON CONFLICT (tenant, run_id, dedupe_key) DO UPDATE SET payload = EXCLUDED.payload',
        ],
      ],
    },
  },
  'crossed-tenants': {
    story: 'an event is delivered to the runs of every tenant that wait for its like',
    scenes: ['mixed', 'withdrawn'],
    replace: {
      'route-events': [
        ['WHERE w.tenant = b.tenant AND w.event = b.name AND w.shape = s.shape AND', 'WHERE w.event = b.name AND w.shape = s.shape AND'],
      ],
    },
  },
  'overwritten-end': {
    story: 'who speaks to a run that has ended has it go on',
    scenes: ['retried'],
    sql: 'ALTER TABLE runs DISABLE TRIGGER runs_terminal',
    replace: {
      'append-inbox': [
        ["AND status NOT IN ('completed', 'failed', 'canceled')", ''],
        ["CASE status WHEN 'waiting' THEN 'queued' ELSE status END", "CASE WHEN status = 'running' THEN status ELSE 'queued' END"],
      ],
    },
  },
} as const satisfies Readonly<Record<string, Mutation>>;
export type MutationName = keyof typeof MUTATIONS;
export const MUTATION_NAMES = Object.keys(MUTATIONS) as MutationName[];
