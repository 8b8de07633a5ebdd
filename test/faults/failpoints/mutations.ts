/**
 * Known bugs, each switched on in the processes of a campaign and nowhere else: what the product sends to the database is made wrong on its
 * way. Every one of them must be found; an auditor that finds none of them shows nothing by finding nothing.
 */
import pg from 'pg';

export interface Mutation {
  /** What is wrong, as the story of such a bug is told. */
  readonly story: string;
  /** What keeps the database itself from it, and is taken away first. */
  readonly sql?: string;
  /** By statement: a piece of its text, and what stands there instead. */
  readonly replace?: Readonly<Record<string, readonly (readonly [string | RegExp, string])[]>>;
  /** By statement: one in so many is never sent, and is answered as if it had found nothing, or had done its work. */
  readonly swallow?: Readonly<Record<string, { readonly oneIn: number; readonly answer: 'nothing' | 'done' }>>;
}

const FLUSHES = ['flush', 'flush-with-inbox', 'flush-with-effects', 'flush-with-escalations'];
const inFlushes = (names: readonly string[], ...pairs: (readonly [string | RegExp, string])[]): NonNullable<Mutation['replace']> =>
  Object.fromEntries(names.map((name) => [name, pairs]));

export const MUTATIONS = {
  'double-resume': {
    story: 'a message stays in the inbox when it has become a fact, and is read again',
    replace: inFlushes(FLUSHES.slice(1), [
      'WHERE x.id = c.run_id AND i.tenant',
      'WHERE hashtext(i.id::text) % 8 <> 0 AND x.id = c.run_id AND i.tenant',
    ]),
  },
  'one-shot-recovery': {
    story: 'the runs of dead workers are looked for and not found any more',
    swallow: { 'take-over-runs': { oneIn: 1, answer: 'nothing' } },
  },
  'lost-wake-up': {
    story: 'who writes to an inbox does not raise the attention of its run, which lies down beside it',
    replace: {
      'append-inbox': [['attention = attention + 1, status', 'status']],
      'deliver-to-waits': [['attention = r.attention + 1, status', 'status']],
    },
  },
  'lost-early-event': {
    story: 'an event that came before its waiter is not looked up',
    replace: { 'look-up-waits': [['e.emitted_at >= f.since', 'e.emitted_at >= f.since AND false']] },
  },
  'leaked-permit': {
    story: 'permits of runs that wait or have ended are not given back in time, nor swept',
    sql: 'ALTER TABLE runs DISABLE TRIGGER runs_permit',
    replace: { 'sweep-permits': [['WHERE coalesce', 'WHERE false AND coalesce']] },
  },
  'no-fence': {
    story: 'a flush does not look at the epoch nor at the last fact, so a zombie commits',
    replace: inFlushes(FLUSHES, ['l.epoch = w.epoch AND l.last_seq = w.base_seq AND ', '']),
  },
  'fence-by-snapshot': {
    story: 'the fence joins a snapshot of the run and locks nothing',
    replace: inFlushes(FLUSHES, ['FOR NO KEY UPDATE', '']),
  },
  'unsorted-locks': {
    story: 'a flush locks its runs in any order, and two of them wait for each other',
    replace: inFlushes(FLUSHES, ['FROM wanted ORDER BY id', 'FROM wanted ORDER BY md5(id::text || pg_backend_pid())']),
  },
  'ledger-miscount': {
    story: 'a record that was read is missing in the ledger',
    replace: {
      'insert-emission-reads': [['AND e.record_key = r.record_key', 'AND e.record_key = r.record_key WHERE r.position % 7 <> 3']],
    },
  },
  'early-acknowledgement': {
    story: 'an event is acknowledged that was not stored',
    swallow: { 'insert-event': { oneIn: 10, answer: 'done' } },
  },
  'second-start': {
    story: 'a key that was used starts another run',
    replace: { 'reserve-keys': [['ON CONFLICT DO NOTHING', 'ON CONFLICT (tenant, workflow, key) DO UPDATE SET run_id = EXCLUDED.run_id']] },
  },
  'two-decisions': {
    story: 'a task that was decided is decided again, and the run is told of the second decision',
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
  'overwritten-end': {
    story: 'who speaks to a run that has ended has it go on',
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

type PgQuery = (this: pg.Client, config: string | pg.QueryConfig, ...more: unknown[]) => unknown;

/** @throws Error, at the first use of a statement, when the piece is not in its text any more: the bug has to be written anew */
export function installMutation(name: MutationName): void {
  const { replace = {}, swallow = {} }: Mutation = MUTATIONS[name];
  const texts = new Map<string, string>();
  const prototype = pg.Client.prototype as unknown as { query: PgQuery };
  const { query } = prototype;
  let seen = 0;
  prototype.query = function (config, ...more) {
    if (typeof config !== 'object' || config.name === undefined) return query.call(this, config, ...more);
    const pairs = replace[config.name];
    if (pairs) {
      const text = texts.get(config.name) ?? mutated(config.name, config.text, pairs);
      texts.set(config.name, text);
      return query.call(this, { ...config, text }, ...more);
    }
    const away = swallow[config.name];
    if (!away || ++seen % away.oneIn !== 0) return query.call(this, config, ...more);
    const answer = { rows: away.answer === 'done' ? [{}] : [], rowCount: away.answer === 'done' ? 1 : 0 };
    const told = more.at(-1);
    if (typeof told !== 'function') return Promise.resolve(answer);
    queueMicrotask(() => void (told as (error: unknown, result: unknown) => unknown)(undefined, answer));
    return undefined;
  };
}

function mutated(name: string, text: string, pairs: readonly (readonly [string | RegExp, string])[]): string {
  let changed = text;
  for (const [piece, instead] of pairs) {
    const next = changed.replace(piece, () => instead);
    if (next === changed && piece !== instead) fail(name, piece);
    changed = next;
  }
  return changed;
}

function fail(name: string, piece: string | RegExp): never {
  console.error(`The statement "${name}" has no ${String(piece)} any more.`);
  process.exit(3);
}
