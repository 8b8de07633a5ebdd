import { type Rung, timersShortcomings } from './timers-verdict.js';

const RUNG: Rung = { timers: 100, waiting: 100, killedAt: [900, 1_500], instant: 1_000, lastEndedAt: 2_000, endedByThemselves: [] };

describe('the verdict on many timers at once', () => {
  it('is silent when all waited, a kill fell while they went on, and no process ended by itself', () =>
    expect(timersShortcomings(RUNG)).toEqual([]));

  it.each<[string, Partial<Rung>, string]>([
    ['that did not wait', { waiting: 99 }, 'Only 99 of 100 runs waited before the instant that they wait for.'],
    ['when kills came too early or too late', { killedAt: [999, 2_000] }, 'None of the 2 kills fell between the instant and the end of the last run.'], // prettier-ignore
    ['when there were no kills', { killedAt: [] }, 'None of the 0 kills fell between the instant and the end of the last run.'],
    ['when one ended by itself', { endedByThemselves: ['worker-A1 (1)'] }, 'Processes ended although nobody ended them: worker-A1 (1)'],
  ])('names what was not so: %s', (_, change, sentence) => expect(timersShortcomings({ ...RUNG, ...change })).toEqual([sentence]));
});
