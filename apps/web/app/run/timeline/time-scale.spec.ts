import { timeScale } from './time-scale.js';

const HOUR = 3_600_000;

describe('timeScale', () => {
  it('keeps the order of instants and spans from 0 to 1 in both modes', () => {
    const instants = [1_000, 1_020, 1_035, 1_036, 1_036 + 3 * HOUR];
    for (const mode of ['compressed', 'exact'] as const) {
      const { position } = timeScale(instants, mode);
      const positions = instants.map(position);
      expect(positions[0]).toBe(0);
      expect(positions.at(-1)).toBe(1);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
    }
  });

  it('gives milliseconds of work a visible width beside hours of waiting', () => {
    const { position } = timeScale([0, 20, 20 + 3 * HOUR], 'compressed');
    expect(position(20)).toBeGreaterThan(0.1);
    expect(timeScale([0, 20, 20 + 3 * HOUR], 'exact').position(20)).toBeLessThan(0.0001);
  });

  it('places instants between two stops in proportion', () => {
    const { position } = timeScale([0, 100, 200], 'exact');
    expect(position(50)).toBeCloseTo(0.25);
    expect(position(500)).toBe(1);
    expect(position(-5)).toBe(0);
  });

  it('leaves room between its marks', () => {
    const { ticks } = timeScale([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 5_000], 'compressed');
    for (const [index, tick] of ticks.entries()) {
      const next = ticks[index + 1];
      if (next) expect(next.position - tick.position).toBeGreaterThanOrEqual(0.14);
    }
    expect(ticks.at(-1)?.position).toBe(1);
  });

  it('stands still for a run that took no time', () => {
    const { position, ticks } = timeScale([5, 5], 'compressed');
    expect(position(5)).toBe(0);
    expect(ticks).toHaveLength(1);
  });
});
