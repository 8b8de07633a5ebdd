/**
 * Records through a real emitter, with keys, inputs and positions of all kinds, and batches that are none. Whatever comes, each record has
 * a line in the ledger that says what became of it, what was started comes to the processor as it was, and operators can look at all that.
 * An input is one emission, of many records.
 */
import fc from 'fast-check';
import { type Edge, leaks, type Outcome } from '../edge.js';
import { FED, type FedBatch, fingerprint, LIMIT, revived, STAND_INS } from '../fed.module.js';
import type { House } from '../house.js';
import { hostile, hostileText, jsonText } from '../values.js';
import { judged } from './graphql.edge.js';

type Emission = readonly FedBatch[];

/** What became of a record. */
interface Line {
  readonly outcome: 'started' | 'deduplicated' | 'rejected';
  readonly key: string | null;
  readonly position: number | null;
}

interface Found extends Line {
  readonly reason: string | null;
  /** Of the run that was started. */
  readonly status: string | null;
  readonly taste: string | null;
}

const strange = fc.oneof({ weight: 3, arbitrary: hostile }, { weight: 1, arbitrary: fc.constantFrom<unknown>(...STAND_INS) });
/** The index of the ledger has room for the longest of these, in bytes. */
const LONGEST = ['k'.repeat(512), '漢'.repeat(512), '😀'.repeat(256)];
const key = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }) },
  { weight: 4, arbitrary: fc.constantFrom('again', 'Again', 'again ', 'e\u0301', '\u00e9') },
  { weight: 4, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom(...LONGEST, ...LONGEST.map((one) => `${one}k`)) },
  { weight: 1, arbitrary: strange },
);
const position = fc.oneof({ weight: 4, arbitrary: fc.nat(1_000) }, { weight: 1, arbitrary: strange });
const record = fc.oneof(
  { weight: 14, arbitrary: fc.record({ key, input: strange, position }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: strange },
);
const told = fc.oneof({ weight: 4, arbitrary: hostileText }, { weight: 1, arbitrary: strange });
const rejection = fc.oneof(
  { weight: 8, arbitrary: fc.record({ position, reason: told, excerpt: told }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: strange },
);
const emissions: fc.Arbitrary<Emission> = fc.array(
  fc.record({
    records: fc.oneof(
      { weight: 14, arbitrary: fc.array(record, { maxLength: 12 }) },
      { weight: 1, arbitrary: fc.array(record, { minLength: LIMIT + 1, maxLength: LIMIT + 3 }) },
      { weight: 1, arbitrary: strange },
    ),
    rejected: fc.oneof({ weight: 14, arbitrary: fc.array(rejection, { maxLength: 4 }) }, { weight: 1, arbitrary: strange }),
    done: fc.oneof({ weight: 10, arbitrary: fc.boolean() }, { weight: 1, arbitrary: strange }),
    mark: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: strange }),
  }),
  { minLength: 1, maxLength: 3 },
);

export function emissionsEdge(house: House): Edge<Emission> {
  const known = new Set<string>();
  return {
    ...{ name: 'emissions', share: 2, together: 1, inputs: emissions },
    attempt: async (emission) => {
      const text = jsonText(emission);
      const expected = expectedOf(revived(JSON.parse(text)) as Emission, known);
      await house.feed(text);
      const run = await house.start(FED);
      const { status, code, message, lines, sums } = await ended(house, run);
      for (const { outcome, key } of lines) if (outcome === 'started' && key !== null) known.add(key);
      const wanted = expected.isRefused ? 'failed, OPTION_INVALID' : 'completed';
      const came = [status, ...(code === null ? [] : [code])].join(', ');
      const looked = await look(house);
      return {
        accepted: status === 'completed' && lines.some(({ outcome }) => outcome === 'started'),
        faults: [
          ...(came === wanted ? [] : [`The emitter's run came to ${came}, not to ${wanted}: ${message}`]),
          ...leaks(message ?? ''),
          ...faultsOfLedger(expected, lines, sums),
          ...looked.faults,
        ],
        answer: code ?? (lines.some(({ outcome }) => outcome === 'rejected') ? 'some rejected' : 'all taken'),
      };
    },
  };
}

/** @param known keys of records that have been started before */
function expectedOf(emission: Emission, known: ReadonlySet<string>) {
  const lines: Line[] = [];
  /** By their keys. */
  const inputs = new Map<string, unknown>();
  for (const { records, rejected, done, mark } of emission) {
    if (!Array.isArray(records) || !Array.isArray(rejected) || typeof done !== 'boolean' || !isJson({ mark }))
      return { lines, inputs, isRefused: true };
    if (records.length + rejected.length > LIMIT) return { lines, inputs, isRefused: true };
    for (const one of rejected) lines.push({ outcome: 'rejected', key: null, position: placeOf(one) });
    for (const one of records) {
      const { key, input = null } = (one ?? {}) as { readonly key?: unknown; readonly input?: unknown };
      const at = { key: isKey(key) ? key : null, position: placeOf(one) };
      if (!isKey(key) || !isJson(input)) lines.push({ ...at, outcome: 'rejected' });
      else if (known.has(key) || inputs.has(key)) lines.push({ ...at, outcome: 'deduplicated' });
      else {
        lines.push({ ...at, outcome: 'started' });
        inputs.set(key, input);
      }
    }
    if (done) break;
  }
  return { lines, inputs, isRefused: false };
}

function placeOf(one: unknown): number | null {
  const { position } = (one ?? {}) as { readonly position?: unknown };
  return Number.isInteger(position) && Math.abs(position as number) < 2 ** 31 ? (position as number) : null;
}

function isKey(key: unknown): key is string {
  return typeof key === 'string' && key !== '' && key.length <= 512 && isText(key);
}

function isText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** As `libs/contracts/json.ts` says it, in other words. */
function isJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return isText(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return typeof value === 'boolean';
  if (value === null) return true;
  if (depth >= 64) return false;
  if (Array.isArray(value)) return value.every((one) => isJson(one, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  return Object.entries(value).every(([name, one]) => one === undefined || (isText(name) && isJson(one, depth + 1)));
}

const ENDED = `SELECT r.status, r.error_code AS code, r.error_message AS message FROM runs r WHERE r.id = $1 AND r.ended_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM runs c WHERE c.tenant = r.tenant AND c.cause_run = r.id AND c.ended_at IS NULL)`;
const LINES = `SELECT e.outcome, e.record_key AS key, e.position, e.reason, r.status, j.payload ->> 'output' AS taste FROM emission_reads e
  LEFT JOIN runs r ON r.tenant = e.tenant AND r.id = e.run_id AND r.cause_run = e.emitter_run AND e.outcome = 'started'
  LEFT JOIN journal j ON j.tenant = r.tenant AND j.run_id = r.id AND j.type = 'step.completed' WHERE e.emitter_run = $1`;
const sumOf = (name: string): string => `coalesce(sum((payload ->> '${name}')::int), 0)::int AS ${name}`;
const SUMS = `SELECT ${['read', 'started', 'deduplicated', 'rejected'].map(sumOf).join(', ')}
  FROM journal WHERE run_id = $1 AND type = 'batch.emitted'`;

type Sums = Readonly<Record<'read' | Line['outcome'], number>>;

/** Waits until the run of the emitter, and all that it has started, have ended. */
async function ended(house: House, run: string) {
  const query = async <Row>(text: string): Promise<Row[]> => (await house.audited((client) => client.query(text, [run]))).rows as Row[];
  const end = await house.until(async () => (await query<{ status: string; code: string | null; message: string | null }>(ENDED))[0]);
  const [sums] = await query<Sums>(SUMS);
  return { ...end, lines: await query<Found>(LINES), sums: sums as Sums };
}

function faultsOfLedger({ lines, inputs }: ReturnType<typeof expectedOf>, found: readonly Found[], sums: Sums): string[] {
  const counted = (outcome: Line['outcome']): number => found.filter((line) => line.outcome === outcome).length;
  const counts: Sums = {
    read: found.length,
    started: counted('started'),
    deduplicated: counted('deduplicated'),
    rejected: counted('rejected'),
  };
  const wrong = found.filter(
    ({ outcome, key, status, taste }) => outcome === 'started' && (status !== 'completed' || taste !== fingerprint(inputs.get(key ?? ''))),
  );
  const [is, shouldBe] = [worded(found), worded(lines)];
  return [
    ...(sums.read === sums.started + sums.deduplicated + sums.rejected ? [] : [`The batches do not balance: ${JSON.stringify(sums)}.`]),
    ...(JSON.stringify(sums) === JSON.stringify(counts)
      ? []
      : [`The batches say ${JSON.stringify(sums)}, the ledger ${JSON.stringify(counts)}.`]),
    ...is
      .filter((line, index) => line !== shouldBe[index])
      .slice(0, 3)
      .map((line) => `The ledger says ${line}; in the order of lines there should be ${shouldBe[is.indexOf(line)]}.`),
    ...(is.length === lines.length ? [] : [`Of ${lines.length} records ${is.length} are in the ledger.`]),
    ...wrong.map(({ key, status, taste }) => `The run of ${JSON.stringify(key)} came to ${status}, and its input to ${taste}.`),
    ...found.flatMap(({ reason }) => leaks(reason ?? '')),
  ];
}

function worded(lines: readonly Line[]): string[] {
  return lines.map(({ outcome, key, position }) => JSON.stringify([outcome, key, position])).sort();
}

/** As an operator does. */
async function look(house: House): Promise<Outcome> {
  const query = `{ emitter(name: "${FED}") { ledger { balances } rejected(first: 20) { reason excerpt position runId } runs(first: 5) { ledger { balances } } } }`;
  const answer = await house.send({
    ...{ method: 'POST', path: '/graphql', body: JSON.stringify({ query }) },
    headers: { ...house.headersOf('operator'), 'content-type': 'application/json', 'x-stepwell-csrf': '1' },
  });
  const outcome = judged(house, answer);
  if (outcome.accepted && !answer.text.includes('"balances":false')) return outcome;
  return { ...outcome, faults: [...outcome.faults, `The ledger as it is shown: ${answer.text.slice(0, 400)}`] };
}
