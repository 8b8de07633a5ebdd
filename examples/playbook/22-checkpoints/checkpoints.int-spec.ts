import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { AddressBook } from '../services/address-book.js';
import { Book, Books } from './books.js';
import { CheckpointsModule } from './checkpoints.module.js';
import { checkpoints } from './checkpoints.workflow.js';

const PAGES = 5;
const ADDRESSES = Array.from({ length: 430 }, (_, index) => `address ${index}`);

describe('a long step with checkpoints', () => {
  const [old, fresh] = [new AddressBook(), new AddressBook()];
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    const books = new Books(new Book(await old.listen()), new Book(await fresh.listen()));
    options = { workflows: [CheckpointsModule], providers: [{ provide: Books, useValue: books }] };
    old.addresses.push(...ADDRESSES);
  });
  const calm = () => {
    old.fate = fresh.fate = () => 'serves';
    old.requests.length = fresh.requests.length = fresh.addresses.length = 0;
  };
  beforeEach(async () => {
    calm();
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => Promise.all([old.close(), fresh.close()]));

  const readFrom = () => old.requests.map(({ path }) => Number(/from=(\d+)/.exec(path)?.[1]));

  it('goes on where it was when an attempt fails, and reads nothing again that it has moved', async () => {
    fresh.fate = () => (fresh.requests.length === 4 ? 'unavailable' : 'serves');
    const run = await t.start(checkpoints, { customer: 'Ada' });
    expect([await run.waitsFor(), readFrom()]).toEqual([['retry'], [0, 100, 200, 300]]);
    await t.advance('10s');
    expect(await run.output()).toBe('430 addresses of Ada have moved.');
    expect([readFrom(), fresh.addresses]).toEqual([[0, 100, 200, 300, 300, 400, 430], ADDRESSES]);
  });

  it('goes on where it was in another process', async () => {
    fresh.fate = () => (fresh.requests.length >= 3 ? 'unavailable' : 'serves');
    const run = await t.start(checkpoints, { customer: 'Ada' });
    await t.crash();
    fresh.fate = () => 'serves';
    await t.advance('1m');
    expect([await run.status(), readFrom()]).toEqual(['completed', [0, 100, 200, 200, 300, 400, 430]]);
  });

  const scenario = async (kit: TestKit) => {
    calm();
    fresh.fate = () => (fresh.requests.length === 2 ? 'dies-after-accepting' : 'serves');
    const run = await kit.start(checkpoints, { customer: 'Ada' });
    await kit.advance('1m');
    expect([await run.output(), fresh.addresses]).toEqual(['430 addresses of Ada have moved.', ADDRESSES]);
    // The pages, the last look, the page after which the line went dead, and the one that a crash has cost.
    expect(readFrom().length).toBeLessThanOrEqual(PAGES + 3);
  };

  it('moves each address once, and reads at most one page again, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(PAGES);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    await scenario(t);
  });
});
