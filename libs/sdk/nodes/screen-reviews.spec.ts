import { type ReviewOptions, reviewPolicy, reviewsAmong } from './screen-reviews.js';

const policy = (options: ReviewOptions) => reviewPolicy(options, 'Screen "sign"')!;
const people = (...candidateUsers: string[]) => ({ assignee: null, candidateUsers, candidateGroups: null });

describe('how a task is reviewed', () => {
  it('is by so many people and one more, blind, in all fields, where the author says no more', () => {
    expect(policy({ required: 2 })).toEqual({ required: 2, of: 3, isBlind: true, compare: null, settledBy: null });
  });

  it.each<[ReviewOptions, string]>([
    [{ required: 1 }, 'required is 1; it is a whole number from 2 to 10'],
    [{ required: 2.5 }, 'required is 2.5'],
    [{ required: 3, of: 2 }, 'of is 2; it is a whole number from required (3) to 20'],
    [{ required: 2, compare: [] }, 'compare names no field'],
    [{ required: 2, settledBy: [''] }, '"" is no name'],
  ])('is refused at boot for %j', (options, says) => {
    expect(() => policy(options)).toThrow(says);
  });

  it('asks no more people than there are, and leaves one to settle a dispute', () => {
    expect(reviewsAmong(policy({ required: 2, of: 5 }), people('a', 'b', 'c'), '')).toMatchObject({ of: 2, users: ['a', 'b', 'c'] });
    expect(reviewsAmong(policy({ required: 2, of: 5, settledBy: ['judges'] }), people('a', 'b', 'c'), '')).toMatchObject({ of: 3 });
    expect(reviewsAmong(policy({ required: 2 }), null, '')).toMatchObject({ of: 3, users: null });
    expect(() => reviewsAmong(policy({ required: 2 }), { ...people('a'), assignee: 'b' }, 'Screen "sign"')).toThrow(
      'it needs 2 people who answer, and one more to settle a dispute, unless settledBy names a group; the task is for b, a.',
    );
    expect(() => reviewsAmong(policy({ required: 2, settledBy: ['judges'] }), people('a'), '')).toThrow('the task is for a alone.');
  });
});
