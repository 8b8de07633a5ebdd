import { choiceTitle, fieldOf, formOrder, titleOf } from './form-words.js';

const FORM = {
  'x-order': ['verdict', 'note'],
  properties: {
    note: { type: 'string', title: 'Note' },
    verdict: { title: 'Verdict', oneOf: [{ const: 'confirm', title: 'Confirm: it is right' }, { const: 'reject' }] },
  },
};

describe('the words of a form', () => {
  it('put an answer into the order in which it was asked for', () => {
    expect(formOrder(FORM, { more: 1, note: 'winner', verdict: 'confirm' })?.map(([key]) => key)).toEqual(['verdict', 'note', 'more']);
    expect(formOrder({}, { note: '' })).toBeUndefined();
  });

  it('name fields and choices, and nothing that somebody typed', () => {
    const verdict = fieldOf(FORM, 'verdict');
    expect(titleOf(verdict)).toBe('Verdict');
    expect(choiceTitle(verdict, 'confirm')).toBe('Confirm: it is right');
    for (const value of ['reject', 'other', null]) expect(choiceTitle(verdict, value)).toBeUndefined();
    expect(choiceTitle(fieldOf(FORM, 'note'), 'confirm')).toBeUndefined();
    expect(fieldOf(FORM, 'more')).toBeUndefined();
  });
});
