/** A short campaign, so that no change goes in that the long one (`npm run fuzz`) would refuse. */
import { runFuzz, table, told, vacuous } from './run-fuzz.js';

describe('what nobody should send, to every way into the system', () => {
  it('is taken or refused in words, shows nothing of the inside, and costs nothing that was acknowledged', async () => {
    const { faults, tallies, acknowledged } = await runFuzz({ inputs: 2_000, seed: 1, log: () => undefined });
    console.info(`${table(tallies)}\nAcknowledged: ${told(acknowledged)}.`);
    expect(faults).toEqual([]);
    expect(vacuous(tallies)).toEqual([]);
    // Of each, so that it was looked for.
    const least = {
      runs: 20,
      events: 3,
      documents: 1,
      task_comments: 1,
      api_keys: 1,
      drafts: 1,
      start: 10,
      emit: 3,
      decide: 1,
      cancel: 1,
      retry: 1,
    };
    expect(Object.entries(least).filter(([what, count]) => (acknowledged[what] ?? 0) < count)).toEqual([]);
    // Half a minute on two cores; a machine half as fast must not fail for that.
  }, 900_000);
});
