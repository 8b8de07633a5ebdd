import { firstSeed } from './first-seed.js';

const { jest } = import.meta;

describe('the first seed', () => {
  const { STEPWELL_SEED: before } = process.env;
  const printed: string[] = [];
  const ask = (seed: string | undefined, looksLonger: boolean): number => {
    if (seed === undefined) delete process.env['STEPWELL_SEED'];
    else process.env['STEPWELL_SEED'] = seed;
    return firstSeed('some.spec.ts', looksLonger);
  };

  beforeEach(() => {
    printed.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    if (before === undefined) delete process.env['STEPWELL_SEED'];
    else process.env['STEPWELL_SEED'] = before;
  });

  it('is the one that was asked for, also of who looks longer', () => {
    expect([ask('77', false), ask('77', true), ask('0', true)]).toEqual([77, 77, 0]);
  });

  it('is the same each time when nobody asks for anything, and another one of who looks longer; each is printed', () => {
    const longer = ask(undefined, true);
    expect([ask(undefined, false), Number.isInteger(longer), longer > 1]).toEqual([1, true, true]);
    expect(printed).toEqual(
      [longer, 1].map((seed) => `some.spec.ts: the first seed is ${seed}; STEPWELL_SEED=${seed} plays the same again.\n`),
    );
  });

  it.each(['', 'x', '1.5', '-1', '2147483648'])('is not "%s"', (seed) => {
    expect(() => ask(seed, false)).toThrow(`STEPWELL_SEED is "${seed}"`);
  });
});
