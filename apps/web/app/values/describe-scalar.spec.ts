import { describeScalar } from './describe-scalar.js';

describe('describeScalar', () => {
  it.each([
    ['costTotalUsd', 12500, 'money'],
    ['repair_cost', 300.5, 'money'],
    ['speedKnots', 240, 'number'],
    ['flightDate', '2001-03-12', 'date'],
    ['emittedAt', '2026-11-21T03:00:00.000Z', 'instant'],
    ['runId', '01935a2f-7c1e-7b3a-9f21-1a2b3c4d5e6f', 'id'],
    ['source', 'https://example.com/report', 'link'],
    ['doubtful', true, 'flag'],
    ['speed', null, 'nothing'],
    ['speed', '', 'nothing'],
    ['note', 'two\nlines', 'long-text'],
    ['species', 'Canada goose', 'text'],
  ])('takes %s: %j for %s', (key, value, kind) => {
    expect(describeScalar(value, key).kind).toBe(kind);
  });

  it('groups the digits of a quantity but not those of a year', () => {
    expect(describeScalar(12500, 'heightFeet').text).toMatch(/^12\D?500$/);
    expect(describeScalar(2001, 'flightYear').text).toBe('2001');
  });

  it('shows cents only where there are some', () => {
    expect(describeScalar(59065, 'costUsd').text).not.toMatch(/[.,]00$/);
    expect(describeScalar(12.5, 'costUsd').text).toMatch(/12[.,]50/);
  });

  it.each(['winner', 'snow_goose', 'theWing'])('leaves what somebody wrote as it is: %s', (value) => {
    expect(describeScalar(value, 'note')).toEqual({ text: value, kind: 'text' });
  });

  it('names the same day in every zone', () => {
    expect(describeScalar('2001-03-12').text).toContain('12');
  });

  it('makes no link of anything but http and https', () => {
    expect(describeScalar('javascript:alert(1)').kind).toBe('text');
  });
});
