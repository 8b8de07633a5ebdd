import { FormAnswer } from './form-answer.js';

const text = { type: 'string' as const };
const schema = {
  properties: {
    verdict: text,
    reason: text,
    isFinal: { type: 'boolean' as const, default: false },
    contact: { type: 'object' as const, properties: { email: text, isStaff: { type: 'boolean' as const } }, required: ['email'] },
  },
  required: ['verdict', 'isFinal'],
  allOf: [
    {
      if: { properties: { verdict: { enum: ['refuse'] } }, required: ['verdict'] },
      then: { required: ['reason'] },
      else: { properties: { reason: false as const } },
    },
  ],
};

describe('the answer of a form', () => {
  it.each([
    ['an empty group', { contact: {} }, { isFinal: false }],
    ['a hidden field', { verdict: 'pay', reason: 'old' }, { verdict: 'pay', isFinal: false }],
  ])('keeps the default that the form filled in while it was drawn, where the value held %s', (_, value, filledIn) => {
    const answer = new FormAnswer(value);
    expect(answer.report(schema, value, { ...value, contact: {}, isFinal: false })).toEqual(filledIn);
    expect(answer.cleaned(schema, value)).toBeUndefined();
  });

  it('leaves out what is not asked for when the form says nothing of it, also when the same value comes again', () => {
    const value = { verdict: 'pay', reason: 'old', isFinal: true };
    const answer = new FormAnswer(value);
    const cleaned = answer.cleaned(schema, value);
    expect(cleaned).toEqual({ verdict: 'pay', isFinal: true });
    const shown = answer.report(schema, cleaned ?? {}, { verdict: 'refuse', isFinal: true });
    expect(shown).toEqual({ verdict: 'refuse', isFinal: true, reason: 'old' });
    expect(answer.cleaned(schema, shown)).toBeUndefined();
    expect(answer.cleaned(schema, value)).toEqual({ verdict: 'pay', isFinal: true });
  });

  it('keeps for the form what it does not send', () => {
    const answer = new FormAnswer({});
    const shown = answer.report(schema, {}, { verdict: 'pay', isFinal: false, contact: {} });
    expect(shown).toEqual({ verdict: 'pay', isFinal: false });
    expect(answer.wholeOf({ ...shown })).toEqual({ verdict: 'pay', isFinal: false, contact: {} });
    expect(answer.wholeOf({ verdict: 'refuse' })).toEqual({ verdict: 'refuse' });
  });

  it('has no group that was left out again', () => {
    const touched = { verdict: 'pay', isFinal: false, contact: { isStaff: false } };
    expect(new FormAnswer(touched).report(schema, touched, { ...touched, contact: {} })).toEqual({ verdict: 'pay', isFinal: false });
  });
});
