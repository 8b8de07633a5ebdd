import { Readable } from 'node:stream';
import { pgSql, READ_CHAIN, type Sql } from '@stepwell/storage';
import { person, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';
import type { Anchor } from './chain-check.js';
import { exportChain, type ExportFilter, type ExportLine } from './export-chain.js';
import { linesOf } from './lines-of.js';
import { sealKeys } from './seal.js';
import { sealTenant } from './seal-tenant.js';
import { verifyExport } from './verify-export.js';

const keys = sealKeys('k'.repeat(32));
/** More than are read at a time. */
const SEALS = 52;

describe('an export of the decisions', () => {
  let desk: TaskDesk;
  let whole: string;
  beforeAll(async () => {
    desk = await TaskDesk.open();
    for (let index = 0; index < SEALS; index++) await decide(TENANT, index === 1 ? 'refund' : 'order');
    await decide('other', 'order');
    for (const tenant of [TENANT, 'other']) await sealTenant(desk.pool, tenant, keys[0]);
    whole = await textOf();
  });
  afterAll(() => desk.close());

  async function decide(tenant: string, workflow: string): Promise<void> {
    const { id } = await desk.seed({ tenant, workflow });
    // A text that ends a line for some, though not in JSON.
    await desk.pool.query(`UPDATE tasks SET props = jsonb_build_object('of', $2::text, 'said', E'a\\u2028b') WHERE id = $1`, [id, tenant]);
    await desk.tasks.complete({ tenant, id, actor: person('Ann'), expectedVersion: 1, answer: { verdict: 'yes' } });
  }

  async function textOf(filter?: ExportFilter, tenant = TENANT): Promise<string> {
    return (await Readable.from(exportChain(pgSql(desk.pool), tenant, filter)).toArray()).join('');
  }

  /** In pieces that part lines anywhere. */
  const verify = (text: string, with_ = keys, anchor?: Anchor) =>
    verifyExport(linesOf(Readable.from(text.match(/[^]{1,1000}/g) ?? [])), with_, anchor);
  const problemsOf = async (text: string, anchor?: Anchor): Promise<readonly string[]> => (await verify(text, keys, anchor)).problems;
  const parsed = (text: string): ExportLine[] => text.trimEnd().split('\n').map((line) => JSON.parse(line) as ExportLine); // prettier-ignore
  const sealsOf = (text: string) => parsed(text).flatMap((line) => (line.kind === 'seal' ? [line] : []));
  const textWith = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  /** As somebody would who knows the form of the file, but not the key. */
  const changed = (change: (line: ExportLine) => object | undefined): string =>
    textWith(parsed(whole).flatMap((line) => change(line) ?? []));
  const atSeal = (seq: number, change: object | undefined) =>
    changed((line) => (line.kind === 'seal' && line.seq === seq ? change && { ...line, ...change } : line));

  it('has each record and its form, counts them, and is checked without the database', async () => {
    expect(await verify(whole)).toEqual({
      ...{ tenant: TENANT, sealed: SEALS, keyed: SEALS, dropped: 0, filtered: 0, before: null, problems: [] },
      head: { seq: SEALS, hash: sealsOf(whole).at(-1)?.hash },
    });
    expect(parsed(whole).map(({ kind }) => kind)).toEqual(['export', 'form', ...Array<string>(SEALS).fill('seal'), 'end']);
    expect(parsed(whole).at(-1)).toEqual({ kind: 'end', seals: SEALS, records: SEALS, forms: 1 });
  });

  it('reads some seals at a time, and the next ones when those were taken', async () => {
    const limits: unknown[] = [];
    const sql = pgSql(desk.pool);
    const query: Sql['query'] = (one, values) => {
      if (one === READ_CHAIN) limits.push(values.at(-1));
      return sql.query(one, values);
    };
    const lines = exportChain({ query }, TENANT);
    for (let taken = 0; taken < 52; taken++) await lines.next();
    expect(limits).toEqual([50]);
    await lines.next();
    expect(limits).toEqual([50, 50]);
    await lines.return(undefined);
  });

  it('has nothing of another tenant', async () => {
    expect(whole).not.toContain('"other"');
    expect(sealsOf(await textOf({}, 'other')).map(({ record }) => record)).toEqual([expect.objectContaining({ tenant: 'other' })]);
    expect(await problemsOf(whole.replace(`"tenant":"${TENANT}"`, '"tenant":"other"'))).toContainEqual(
      expect.stringContaining('Seal 1 was'),
    );
  });

  it.each<[string, ExportFilter, (index: number) => boolean]>([
    ['a workflow', { workflow: 'refund' }, (index) => index === 1],
    ['a time that has not come', { from: new Date('2999-01-01') }, () => false],
    ['a time that has gone', { until: new Date('1999-01-01') }, () => false],
    ['both, around all', { from: new Date('1999-01-01'), until: new Date('2999-01-01') }, () => true],
  ])('of %s has the records of it alone, and the chain as a whole', async (_, filter, isIn) => {
    const text = await textOf(filter);
    const within = sealsOf(text).map(({ record }) => record !== null);
    expect(within).toEqual(Array.from({ length: SEALS }, (_one, index) => isIn(index)));
    expect(await verify(text)).toMatchObject({ sealed: SEALS, filtered: within.filter((is) => !is).length, problems: [] });
  });

  it('has a record that was changed, whatever its filter', async () => {
    const id = sealsOf(whole)[1]?.id;
    const setWorkflow = (to: string) =>
      desk.pool.query(`UPDATE decisions SET record = record || jsonb_build_object('workflow', $2::text) WHERE id = $1`, [id, to]);
    await setWorkflow('hidden');
    const text = await textOf({ workflow: 'refund' });
    await setWorkflow('refund');
    expect(await problemsOf(text)).toEqual([expect.stringMatching(/was changed after its seal \(2\)/)]);
  });

  it.each<[string, () => string, RegExp]>([
    ['a record that was changed', () => whole.replace('"verdict":"yes"', '"verdict":"no"'), /was changed after its seal \(1\)/],
    ['a seal that was changed', () => atSeal(2, { sealedAt: '2026-01-01T00:00:00.000Z' }), /Seal 2 was changed/],
    ['a seal that follows another', () => atSeal(2, { previous: '0'.repeat(64) }), /Seal 2 names another one before it/],
    ['a line that was removed', () => atSeal(2, undefined), /Between the seals 1 and 3 seals were removed/],
    ['a record that was removed', () => atSeal(2, { record: null }), /The record \S+ of task \S+ was removed \(seal 2\)/],
    ['a record that no filter left out', () => atSeal(2, { record: null, without: 'filtered' }), /seal 2 was left out, by no filter/],
    ['a record that is said to have gone', () => atSeal(2, { without: 'dropped' }), /Seal 2 says that its record is left out, and has one/],
    ['a form that was changed', () => changed((line) => (line.kind === 'form' ? { ...line, form: {} } : line)), /The form \w+ was changed/],
    ['a form that was removed', () => changed((line) => (line.kind === 'form' ? undefined : line)), /The form \w+, which .* is missing/],
    ['a line that is none', () => whole.replace('"kind":"seal"', '"kind":"sea"'), /Line 3 is none of an export/],
    ['a file that was cut between lines', () => whole.slice(0, whole.lastIndexOf('{"kind":"end"')), /The file was cut/],
    ['a file that was cut within one', () => whole.slice(0, -9), /The file was cut/],
    ['a last line that counts others', () => whole.replace(`"seals":${SEALS}`, '"seals":7'), /The last line counts 7 seals/],
    ['a line behind the last one', () => `${whole}{}\n`, /stands behind the last one/],
  ])('shows %s', async (_, text, told) => {
    expect(await problemsOf(text())).toContainEqual(expect.stringMatching(told));
  });

  it('cut at its end, with a fitting last line, is seen by an anchor', async () => {
    const seq = SEALS;
    const hash = sealsOf(whole).at(-1)?.hash ?? '';
    const cut = changed((line) => {
      if (line.kind === 'end') return { ...line, seals: SEALS - 1, records: SEALS - 1 };
      return line.kind === 'seal' && line.seq === seq ? undefined : line;
    });
    expect(await problemsOf(cut)).toEqual([]);
    expect(await problemsOf(cut, { seq, hash })).toEqual([expect.stringContaining('not the one that the anchor names')]);
    expect(await problemsOf(whole, { seq, hash })).toEqual([]);
  });

  it('ends before the first answer that nobody may see yet, and has neither it nor its hash', async () => {
    const tenant = 'blind';
    const { id } = await desk.seed({ tenant, reviews: { required: 2, of: 2, isBlind: true, compare: null, settledBy: null, users: null, groups: null } }); // prettier-ignore
    const answer = (who: string, expectedVersion: number) =>
      desk.tasks.complete({ tenant, id, actor: person(who), expectedVersion, answer: { verdict: 'no' } });
    await decide(tenant, 'order');
    await sealTenant(desk.pool, tenant, keys[0]);
    await answer('Bob', 1);
    await decide(tenant, 'refund');
    await sealTenant(desk.pool, tenant, keys[0]);
    for (const text of [await textOf({}, tenant), await textOf({ workflow: 'refund' }, tenant)]) {
      expect(sealsOf(text).map(({ seq }) => seq)).toEqual([1]);
      expect(text).not.toContain(id);
      expect(await verify(text)).toMatchObject({ sealed: 1, before: 2, problems: [] });
    }
    await answer('Cid', 2);
    await sealTenant(desk.pool, tenant, keys[0]);
    expect(await verify(await textOf({}, tenant))).toMatchObject({ sealed: 4, before: null, problems: [] });
  });

  it('says which key it lacks, and takes no other', async () => {
    const lacks = Array.from({ length: SEALS }, () => expect.stringContaining(`was made with the key ${keys[0]?.id}`) as string);
    expect((await verify(whole, [])).problems).toEqual(lacks);
    expect((await verify(whole, sealKeys('x'.repeat(32)))).problems).toEqual(lacks);
  });

  it.each(['', '{}\n', 'no\n', '{"kind":"export","format":2,"tenant":"acme","from":null,"until":null,"workflow":null}\n'])(
    'is not what begins with %j',
    async (text) => {
      await expect(verify(text)).rejects.toThrow(/is empty|first line|has the form 2/);
    },
  );
});
