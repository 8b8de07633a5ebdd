/** What is refused before anything of a shard is served. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { isAway, prepareShard, refuseMisplaced } from './check-shards.js';
import { databasesOf, placementIn, type Shard } from './shard.js';

let first: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
  first = await createTestDatabase();
  other = await createTestDatabase();
});
afterAll(async () => {
  await first.drop();
  await other.drop();
});

const shard = (databaseUrl: string): Shard => ({
  name: 'eu',
  databaseUrl,
  directUrl: undefined,
  publicUrl: 'http://eu.test',
  tenants: ['acme'],
});
const prepare = (one: Shard) =>
  prepareShard(one, databasesOf({ databaseUrl: first.url, directUrl: first.url }, [one]), placementIn(one.name, [one]), () => undefined);
const registered = (database: TestDatabase, tenant: string) =>
  database.pool.query(
    `INSERT INTO users (tenant, name, display_name, role, password_hash) VALUES ($1, 'somebody', 'Somebody', 'admin', '!')`,
    [tenant],
  );

it('takes one of its own', async () => {
  await expect(prepare(shard(other.url))).resolves.toBeUndefined();
});

it('does not wait for another database that takes connections and never answers', async () => {
  const frozen = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(frozen, 'listening');
  const { port } = frozen.address() as AddressInfo;
  const one = shard(other.url);
  const url = `postgresql://nobody@127.0.0.1:${port}/frozen`;
  const prepared = prepareShard(
    one,
    databasesOf({ databaseUrl: url, directUrl: url }, [one]),
    placementIn(one.name, [one]),
    () => undefined,
  );
  await expect(prepared).resolves.toBeUndefined();
  frozen.close();
});

it('finds the first database under another address', async () => {
  const address = new URL(first.url);
  address.searchParams.set('application_name', 'another');
  await expect(prepare(shard(address.href))).rejects.toThrow('The first database and shard "eu" are one database under two addresses.');
});

it('refuses rows of a tenant that is elsewhere, on either side', async () => {
  const stranger = await createTestDatabase();
  await registered(stranger, 'default');
  await expect(prepare(shard(stranger.url))).rejects.toThrow(
    'Shard "eu" has rows of tenant "default", which belongs to the first database.',
  );
  await stranger.drop();
  await registered(first, 'acme');
  const placement = placementIn('first', [shard(other.url)]);
  if (!placement) throw new Error('There is a shard.');
  await expect(refuseMisplaced(first.url, placement)).rejects.toThrow(
    'The first database has rows of tenant "acme", which belongs to shard "eu".',
  );
});

it('refuses one that a newer build has written, and changes nothing', async () => {
  const newer = await createTestDatabase();
  await newer.pool.query(`INSERT INTO migrations (timestamp, name) VALUES (9000000000000, 'FromTheFuture9000000000000')`);
  await expect(prepare(shard(newer.url))).rejects.toThrow(
    /^Shard "eu": The database has migrations this version does not know \(FromTheFuture/,
  );
  await newer.drop();
});

it('tells what is away from what is wrong, and names the shard', async () => {
  const gone = new URL(first.url);
  gone.port = '1';
  const error = await prepare(shard(gone.href)).catch((one: unknown) => one);
  expect(error).toMatchObject({
    message: expect.stringMatching(
      /nothing listens there\. Start that server, or correct host and port in the databaseUrl of shard "eu"\.$/,
    ) as string,
  });
  expect(isAway(error)).toBe(true);
  const unknown = new URL(first.url);
  unknown.pathname = '/there_is_none';
  const wrong = await prepare(shard(unknown.href)).catch((one: unknown) => one);
  expect(wrong).toMatchObject({ message: expect.stringContaining('it has no such database') as string });
  expect(isAway(wrong)).toBe(false);
});
