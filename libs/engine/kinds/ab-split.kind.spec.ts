import { workflow } from '@stepwell/sdk';
import { pickVariant } from '../policies/split.js';
import { RunDriver } from '../testing/run-driver.js';

const begin = () => workflow<{ user: string }>('mailing', { version: 1 });
const split = () =>
  begin().abSplit({ control: { weight: 2 }, fresh: { weight: 1, branch: (flow) => flow.then('send', () => 'sent') } }, { id: 'subject', by: (ctx) => ctx.input.user }); // prettier-ignore
const endOf = async (flow: Parameters<typeof RunDriver.of>[0], user: string) => {
  const driver = RunDriver.of(flow, { input: { user } });
  await driver.settle();
  return driver.state;
};

describe('a split', () => {
  it('says which variant it was, and what that came to', async () => {
    const outputs = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(async (user) => (await endOf(split(), user)).output));
    expect(outputs).toContainEqual({ variant: 'control', selectedVariant: 'control', output: null });
    expect(outputs).toContainEqual({ variant: 'fresh', selectedVariant: 'fresh', output: 'sent' });
  });

  it('gives a key the same variant in every run, restart and version, as the published hash has it', async () => {
    // Computed by hand from docs/reference/nodes.md, with another program.
    const published = { 'user-1': 'control', 'user-2': 'control', 'user-3': 'fresh', 'user-4': 'control' };
    for (const [user, variant] of Object.entries(published))
      for (const version of [1, 2]) {
        const flow = workflow<{ user: string }>('mailing', { version }).abSplit({ control: { weight: 2 }, fresh: { weight: 1 } }, { id: 'subject', by: (ctx) => ctx.input.user }); // prettier-ignore
        expect((await endOf(flow, user)).output).toMatchObject({ variant });
      }
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

  it('splits a hundred thousand keys by the weights', () => {
    const weights = [1, 0, 2, 7];
    const counts = weights.map(() => 0);
    for (let number = 0; number < 100_000; number++) {
      const index = pickVariant('mailing', 'subject', `user-${number}`, weights);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(counts[1]).toBe(0);
    // Chi-squared with two degrees of freedom is above 13.8 once in a thousand; these keys are always the same.
    const expected = [10_000, 1, 20_000, 70_000];
    expect(counts.reduce((sum, count, index) => sum + (count - (expected[index] ?? 1)) ** 2 / (expected[index] ?? 1), -1)).toBeLessThan(
      13.8,
    );
  });

  it('draws the lots of two splits apart', () => {
    const both = Array.from({ length: 1_000 }, (_, number) => ['a', 'b'].map((id) => pickVariant('mailing', id, `user-${number}`, [1, 1])));
    expect(new Set(both.map(String)).size).toBe(4);
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
