/** A short campaign, so that no change goes in that the long one (`npm run fuzz`) would refuse. */
import { runFuzz, table, vacuous } from './run-fuzz.js';

describe('what nobody should send, to every way into the system', () => {
  it('is taken or refused in words, shows nothing of the inside, and costs nothing that was acknowledged', async () => {
    const { faults, tallies, acknowledged } = await runFuzz({ inputs: 2_000, seed: 1, log: () => undefined });
    console.info(`${table(tallies)}\n${acknowledged} operations acknowledged.`);
    expect(faults).toEqual([]);
    expect(vacuous(tallies)).toEqual([]);
    expect(acknowledged).toBeGreaterThan(20);
    // Half a minute on two cores; a machine half as fast must not fail for that.
  }, 900_000);
});
