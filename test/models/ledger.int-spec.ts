/**
 * The ledger of an emitter beside its model: the source grows, repeats keys, has lines that cannot be read, throws; runs of the emitter
 * come one after the other and two at once; processes die before and after whatever they write. After each move the ledger, the cursor and
 * the processors' runs are those of the model: each record is counted once, and started once for ever. On a real PostgreSQL.
 */
import { emitter, type RecordContext, type RecordSource, Step, TerminalError, workflow, WorkflowModule } from '@stepwell/sdk';
import { testKit, type TestKit } from '@stepwell/sdk/testing';
import { IsInt } from 'class-validator';
import fc from 'fast-check';
import { mustEqual } from '../../libs/engine/testing/must-equal.js';
import { type ModelTest, modelTimeout, type Move, playModel } from './play-model.js';

const SEQUENCES = 24;
const BATCH = 3;

class Item {
  @IsInt()
  number!: number;
}

type Line = { readonly key: string; readonly isReadable: boolean; readonly fits: boolean };
/** What is to be read, and how often reading it fails yet. */
let lines: Line[] = [];
let failures = 0;

@Step({ id: 'read-lines', retry: { attempts: 2, backoff: '1s' } })
class Lines implements RecordSource<unknown, number> {
  async read({ cursor, limit }: RecordContext<number>) {
    if (failures > 0 && failures-- > 0) throw new Error('The file is locked.');
    const from = cursor ?? 0;
    const read = lines.slice(from, from + limit).map((line, index) => ({ line, position: from + index }));
    return {
      records: read
        .filter(({ line }) => line.isReadable)
        .map(({ line: { key, fits }, position }) => ({ key, input: { number: fits ? position : 'x' }, position })),
      rejected: read.filter(({ line }) => !line.isReadable).map(({ position }) => ({ position, reason: 'It is torn.' })),
      cursor: from + read.length,
      done: from + read.length === lines.length,
    };
  }
}

let processed: { readonly number: number; readonly key: string }[] = [];
let faults = 0;
const item = workflow<Item>('item', { version: 1, input: Item }).then('work', ({ input: { number }, idempotencyKey: key }) => {
  if (faults > 0 && faults-- > 0) throw new TerminalError('It cannot be done.');
  processed.push({ number, key });
});
const items = emitter('items', { version: 1, source: Lines, processor: 'item', batchSize: BATCH });

@WorkflowModule({ workflows: [item, items], providers: [Lines] })
class Items {}

const FIELDS = ['read', 'rejected', 'deduplicated', 'started'] as const;
type Counts = Record<(typeof FIELDS)[number], number>;

/** What a ledger is: a place in the source, and for each record before it what became of it, the first of its key for ever. */
class LedgerModel {
  at = 0;
  readonly lines: Line[] = [];
  readonly started = new Set<string>();
  readonly outcomes: string[] = [];

  /** A run of the emitter reads to the end. */
  reads(): Counts {
    const before = this.outcomes.length;
    for (const { key, isReadable, fits } of this.lines.slice(this.at)) {
      const outcome = !isReadable || !fits ? 'rejected' : this.started.has(key) ? 'deduplicated' : 'started';
      if (outcome === 'started') this.started.add(key);
      this.outcomes.push(outcome);
    }
    this.at = this.lines.length;
    return countsOf(this.outcomes.slice(before));
  }
}

function countsOf(outcomes: readonly string[]): Counts {
  const of = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
  return { read: outcomes.length, rejected: of('rejected'), deduplicated: of('deduplicated'), started: of('started') };
}

describe('a ledger and its model', () => {
  let t: TestKit;
  beforeAll(async () => {
    t = await testKit({ workflows: [Items], store: 'postgres' });
  });
  afterAll(() => t.close());

  it('count the same, whatever repeats, throws and dies', () => playModel(TEST), modelTimeout(SEQUENCES));

  async function compare(model: LedgerModel): Promise<void> {
    await t.advance('1m');
    const rows = await query<{ position: number; outcome: string; status: string | null }>(
      `SELECT e.position, e.outcome, r.status FROM emission_reads e LEFT JOIN runs r ON r.id = e.run_id AND e.outcome = 'started' ORDER BY e.position`,
    );
    mustEqual(rows.map(({ position }) => position), model.outcomes.map((_, index) => index), 'What is in the ledger'); // prettier-ignore
    mustEqual(rows.map(({ outcome }) => outcome), model.outcomes, 'The ledger, and what it should say'); // prettier-ignore
    const [cursor] = await query<{ cursor: number }>('SELECT cursor FROM emitter_cursors');
    mustEqual(cursor?.cursor ?? 0, model.at, 'How far it has read');
    const runs = (await t.runs()).filter(({ workflow }) => workflow === 'item');
    mustEqual(runs.length, model.started.size, 'How many runs there are, and should be');
    mustEqual(rows.filter(({ status }) => status === 'completed' || status === 'failed').length, runs.length, 'How many have ended');
    const keys = new Map(processed.map(({ number, key }) => [number, key]));
    mustEqual(processed.every(({ number, key }) => keys.get(number) === key), true, 'Each record is worked at under one key'); // prettier-ignore
  }

  async function query<Row>(text: string): Promise<Row[]> {
    return (await t.dataSource?.query<Row[]>(text)) ?? [];
  }

  const move = (name: string, make: (model: LedgerModel) => Promise<string>): Move<LedgerModel, null> => ({
    name,
    make: async (model) => {
      const crashes = t.crashes;
      const what = await make(model);
      await compare(model);
      return t.crashes > crashes ? `${what}, crash in it` : what;
    },
  });

  const grows = (more: readonly Line[]) =>
    move(`${more.length} lines more`, async (model) => {
      model.lines.push(...more);
      lines = [...model.lines];
      return 'grows';
    });

  const runs = (isTwice: boolean) =>
    move(isTwice ? 'two runs of the emitter at once' : 'a run of the emitter', async (model) => {
      const mayFail = failures >= 2;
      const other = isTwice ? [t['insert']('items', undefined, {})] : [];
      const ids = [(await t.start('items', undefined)).id, ...(await Promise.all(other)).map(({ runId }) => runId)];
      // A process that comes in the place of a dead one may miss the hint of a run that starts just then: the sweep would find it.
      t['hints'].wake(['default']);
      await t.advance('1m');
      failures = 0;
      const ended = await Promise.all(
        ids.map(async (id) => ((await t.run(id).status()) === 'completed' ? t.run(id).output<Counts>() : null)),
      );
      const done = ended.flatMap((one) => one ?? []);
      mustEqual(done.length < ids.length && !mayFail, false, 'Whether a run has failed that should not');
      if (done.length === 0) return 'failed';
      const counts = model.reads();
      for (const field of FIELDS) mustEqual(done.reduce((sum, one) => sum + one[field], 0), counts[field], `${field}, over the runs`); // prettier-ignore
      return [isTwice ? 'together' : 'read', ...FIELDS.slice(1).filter((field) => counts[field] > 0)].join(', ');
    });

  const fails = (times: number) =>
    move(`the next ${times} attempts to read fail`, async () => {
      failures = times;
      return 'will fail';
    });

  const faulty = move('the next processor fails', async () => {
    faults = 1;
    return 'faulty';
  });

  const dies = (write: number, moment: 'before' | 'after') =>
    move(`the process will die ${moment} its write ${write} from now`, async () => {
      const { writes } = t;
      Object.assign(writes, { death: { write: writes['count'] + write, moment } });
      return 'will die';
    });

  const line: fc.Arbitrary<Line> = fc.record({
    key: fc.integer({ min: 1, max: 12 }).map((number) => `k${number}`),
    isReadable: fc.nat(5).map((roll) => roll > 0),
    fits: fc.nat(5).map((roll) => roll > 0),
  });
  const TEST: ModelTest<LedgerModel, null> = {
    file: 'test/models/ledger.int-spec.ts',
    name: 'count the same',
    sequences: SEQUENCES,
    moves: 12,
    start: fc.constant(null),
    move: fc.oneof(
      { weight: 5, arbitrary: fc.array(line, { minLength: 1, maxLength: 8 }).map(grows) },
      { weight: 5, arbitrary: fc.constantFrom(false, false, true).map(runs) },
      {
        weight: 4,
        arbitrary: fc
          .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom('before' as const, 'after' as const))
          .map(([write, moment]) => dies(write, moment)),
      },
      { weight: 1, arbitrary: fc.oneof(fc.integer({ min: 1, max: 2 }).map(fails), fc.constant(faulty)) },
    ),
    begin: async () => {
      await query('TRUNCATE emission_reads, emissions, emitter_cursors, runs, journal, run_keys, inbox, outbox');
      [lines, failures, faults, processed] = [[], 0, 0, []];
      Object.assign(t.writes, { death: undefined });
      return { model: new LedgerModel(), real: null };
    },
    end: async (model) => {
      [failures, faults] = [0, 0];
      Object.assign(t.writes, { death: undefined });
      await runs(false).make(model, null);
    },
    mustSee: { 'crash in it': 40, started: 60, deduplicated: 40, rejected: 50, read: 60, together: 60, 'will fail': 10 },
  };
});
