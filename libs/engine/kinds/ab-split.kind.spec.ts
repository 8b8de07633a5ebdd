import { type Flow, workflow } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

const USERS = ['Ada', 'Bertrand', 'Clara Zetkin', 'Dorothy', 'Emmy Noether', 'Fritz', 'Grace Hopper', 'Hedy'];
const begin = (version = 1) => workflow<{ user: string }>('mailing', { version });
const split = (version = 1) =>
  begin(version).abSplit({ control: { weight: 2 }, fresh: { weight: 1, branch: (flow) => flow.then('send', () => 'sent') } }, { id: 'subject', by: (ctx) => ctx.input.user }); // prettier-ignore
const endOf = async (flow: Parameters<typeof RunDriver.of>[0], user: string) => {
  const driver = RunDriver.of(flow, { input: { user } });
  await driver.settle();
  return driver.state;
};

describe('a split', () => {
  it('says which variant it was, and what that came to', async () => {
    const outputs = await Promise.all(USERS.map(async (user) => (await endOf(split(), user)).output));
    expect(outputs).toContainEqual({ variant: 'control', selectedVariant: 'control', output: null });
    expect(outputs).toContainEqual({ variant: 'fresh', selectedVariant: 'fresh', output: 'sent' });
  });

  it('gives a key the same variant in every run and version', async () => {
    const first = await Promise.all(USERS.map(async (user) => (await endOf(split(1), user)).output));
    const again = await Promise.all(USERS.map(async (user) => (await endOf(split(2), user)).output));
    expect(again).toEqual(first);
  });

  it('keeps to its choice after a restart, whoever is said to be split then', async () => {
    let user = 'user-1';
    const driver = RunDriver.of(begin().abSplit({ a: { weight: 1, branch: (flow) => flow.wait('1h') }, b: { weight: 1, branch: (flow) => flow.wait('1h') } }, { by: () => user })); // prettier-ignore
    await driver.make('commit');
    const chosen = driver.database.journal.find(({ type }) => type === 'branch.chosen')?.payload as { name: string };
    for (let other = 2; other < 10; other++) {
      user = `user-${other}`;
      driver.crash();
    }
    await driver.settle();
    expect(driver.state.output).toMatchObject({ variant: chosen.name });
  });

  it('gives undefined for a node of a variant that was not drawn, also where the one that was has no branch', async () => {
    const variants = { control: { weight: 1 }, fresh: { weight: 0, branch: (flow: Flow<{ user: string }>) => flow.then('send', () => 1) } };
    const state = await endOf(begin().abSplit(variants).then('after', (ctx) => ctx.resultOf('send') ?? 'nothing'), 'Ada'); // prettier-ignore
    expect(state.output).toBe('nothing');
  });

  it('fails the run visibly when nobody is split', async () => {
    expect((await endOf(split(), '')).fault?.message).toContain('"subject" could not be evaluated: who is split must be a text');
  });

  it.each([
    ['a negative weight', { a: { weight: -1 } }, /the weight of "a" is -1/],
    ['half a weight', { a: { weight: 0.5 } }, /whole number/],
    ['no weight at all', { a: { weight: 0 }, b: { weight: 0 } }, /at least one variant needs a weight/],
    ['no variants', {}, /at least one variant/],
    ['a name that no path can have', { 'In progress': { weight: 1 } }, /an id starts with a letter/],
  ])('refuses %s', (_what, variants, message) => {
    expect(() => begin().abSplit(variants)).toThrow(message);
  });
});
