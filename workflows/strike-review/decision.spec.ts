import { decide } from './decision.js';
import type { StrikeDecision } from './forms/strike-decision.form.js';
import type { Recommendation } from './triage.js';

const RECOMMENDED: Recommendation = {
  severity: 'substantial',
  confidence: 0.9,
  isDoubtful: false,
  isSampled: false,
  needsReview: true,
  reasons: [],
};

describe('the decision on a report', () => {
  it.each<[string, StrikeDecision | undefined, ReturnType<typeof decide>]>([
    ['nobody was asked', undefined, { verdict: 'filed', severity: 'substantial', note: null }],
    ['confirmed', { verdict: 'confirm' }, { verdict: 'confirmed', severity: 'substantial', note: null }],
    [
      'confirmed with the same severity',
      { verdict: 'confirm', severity: 'substantial' },
      { verdict: 'confirmed', severity: 'substantial', note: null },
    ],
    ['confirmed with another severity', { verdict: 'confirm', severity: 'minor' }, { verdict: 'corrected', severity: 'minor', note: null }],
    [
      'corrected',
      { verdict: 'correct', severity: 'none', note: ' dent was old ' },
      { verdict: 'corrected', severity: 'none', note: 'dent was old' },
    ],
    ['rejected', { verdict: 'reject', severity: 'substantial', note: ' ' }, { verdict: 'rejected', severity: 'none', note: null }],
  ])('%s', (_, answer, expected) => {
    expect(decide(RECOMMENDED, answer)).toEqual(expected);
  });
});
