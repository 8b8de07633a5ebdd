import { StepwellError } from '@stepwell/contracts';
import { SignInThrottle } from './sign-in-throttle.js';

function throttle(): {
  readonly throttle: SignInThrottle;
  pass(ms: number): void;
  refusedSeconds(name?: string, ip?: string): number | undefined;
} {
  const one = new SignInThrottle();
  let now = 1_000;
  one.now = () => now;
  return {
    throttle: one,
    pass: (ms) => (now += ms),
    refusedSeconds: (name = 'ada', ip = '10.0.0.1') => {
      try {
        one.begin('default', name, ip);
        return undefined;
      } catch (error) {
        return (error as StepwellError).details['seconds'] as number;
      }
    },
  };
}

describe('the throttle of sign-ins', () => {
  it('leaves five tries, then asks for pauses that double, of at most a minute', () => {
    const { pass, refusedSeconds } = throttle();
    expect(Array.from({ length: 5 }, () => refusedSeconds())).toEqual(Array(5).fill(undefined));
    const pauses: (number | undefined)[] = [];
    for (let round = 0; round < 9; round++) {
      const seconds = refusedSeconds();
      pauses.push(seconds);
      pass((seconds ?? 0) * 1000);
      expect(refusedSeconds()).toBeUndefined();
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('does not prolong a pause by the tries that it refuses', () => {
    const { pass, refusedSeconds } = throttle();
    for (let index = 0; index < 6; index++) refusedSeconds();
    for (let index = 0; index < 100; index++) expect(refusedSeconds()).toBe(1);
    pass(1_000);
    expect(refusedSeconds()).toBeUndefined();
  });

  it('locks nobody out from another address, and no other account', () => {
    const { refusedSeconds } = throttle();
    for (let index = 0; index < 20; index++) refusedSeconds('ada', '10.6.6.6');
    expect(refusedSeconds('ada', '10.6.6.6')).toBeDefined();
    expect(refusedSeconds('ada', '10.0.0.1')).toBeUndefined();
    expect(refusedSeconds('bob', '10.6.6.6')).toBeUndefined();
  });

  it('forgets after a right password and after a quarter of an hour', () => {
    const { throttle: one, pass, refusedSeconds } = throttle();
    for (let index = 0; index < 5; index++) refusedSeconds();
    one.succeeded('default', 'ada', '10.0.0.1');
    expect(refusedSeconds()).toBeUndefined();
    for (let index = 0; index < 5; index++) refusedSeconds();
    pass(15 * 60_000);
    expect(Array.from({ length: 5 }, () => refusedSeconds())).toEqual(Array(5).fill(undefined));
  });

  it('keeps a bounded memory', () => {
    const { throttle: one, refusedSeconds } = throttle();
    for (let index = 0; index < 50_050; index++) refusedSeconds(`name-${index}`);
    expect((one as unknown as { pairs: Map<string, unknown> }).pairs.size).toBe(50_000);
  });
});
