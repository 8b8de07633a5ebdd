import fc from 'fast-check';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/postgres/test-database.js';
import { arrayText } from './array-text.js';

/** What a text of PostgreSQL can be: anything but NUL, of whole characters. */
const texts = fc.array(
  fc.option(
    fc.oneof(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
      fc.constantFrom('', 'NULL', 'null', '{}', ',', '"', '\\', '\\n', '\n', '\\\\"', ' a ', '\u007f', '{"a":"b\\"c"}', '\\u0041'),
      fc.json(),
    ),
  ),
);

describe('the text of an array', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  async function read<T>(type: string, values: readonly unknown[]): Promise<T[]> {
    const { rows } = await client.query<{ read: T[] }>(`SELECT $1::${type}[] AS read`, [arrayText(values) ?? values]);
    return rows[0]?.read ?? [];
  }

  it('is read by PostgreSQL as what it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        expect(await read('text', values)).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  it('holds numbers, booleans and JSON', async () => {
    expect(await read('int', [1, -2, null])).toEqual([1, -2, null]);
    expect(await read('bool', [true, undefined, false])).toEqual([true, null, false]);
    expect(await read('jsonb', [JSON.stringify({ a: ['"', '\\', '\n', 'ä'] }), 'null'])).toEqual([{ a: ['"', '\\', '\n', 'ä'] }, null]);
  });

  it.each([
    ['a line', ['a\nb']],
    ['half a character', ['\ud800']],
    ['a date', [new Date(0)]],
    ['an array in it', [[1]]],
    ['what is no number', [NaN]],
    ['a large number', [1n]],
  ])('is left to the driver for %s', (_, values) => {
    expect(arrayText(values)).toBeUndefined();
  });
});
