import type { Json } from '@stepwell/contracts';
import type { TaskSuggestion } from '@stepwell/sdk';
import { fieldOutcomes } from './field-outcomes.js';

const MONEY = { type: 'object', 'x-formFieldType': 'money', properties: { amount: {}, currency: {} } };
const FORM: Json = {
  properties: {
    verdict: { type: 'string' },
    note: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    parts: { type: 'array', items: { type: 'object', properties: { name: {}, cost: MONEY } } },
  },
};
const cost = (amount: string): Json => ({ amount, currency: 'CHF' });
const VALUES = { verdict: 'pay', note: 'as always', tags: ['a'], parts: [{ name: 'wing', cost: cost('5') }, { name: 'nose' }] };
const suggestion = (values: Json): TaskSuggestion => {
  return {
    values: values as TaskSuggestion['values'],
    confidence: 0.9,
    fields: { parts: 0.5, 'parts.0.name': 0.7 },
    source: null,
    openBelow: 0.8,
    leftOut: [],
  };
};
const told = (values: Json, answer: Json) =>
  fieldOutcomes(FORM, suggestion(values), answer).map(({ path, outcome, from, confidence }) => [
    path,
    outcome,
    confidence,
    ...(from === undefined ? [] : [from]),
  ]);

describe('what a decision made of a suggestion', () => {
  it('is accepted where the values are the same, with the confidence of the nearest around', () => {
    expect(told(VALUES, VALUES)).toEqual([
      ['verdict', 'accepted', 0.9],
      ['note', 'accepted', 0.9],
      ['tags', 'accepted', 0.9],
      ['parts.0.name', 'accepted', 0.7],
      ['parts.0.cost', 'accepted', 0.5],
      ['parts.1.name', 'accepted', 0.5],
    ]);
  });

  it('is changed, cleared or added otherwise, and tells from what', () => {
    const answer = {
      verdict: 'pay',
      note: '',
      tags: ['a', 'b'],
      parts: [
        { name: 'wing', cost: cost('6') },
        { name: null, cost: cost('1') },
      ],
    };
    expect(told(VALUES, answer)).toEqual([
      ['verdict', 'accepted', 0.9],
      ['note', 'cleared', 0.9, 'as always'],
      ['tags', 'changed', 0.9, ['a']],
      ['parts.0.name', 'accepted', 0.7],
      ['parts.0.cost', 'changed', 0.5, cost('5')],
      ['parts.1.name', 'cleared', 0.5, 'nose'],
      ['parts.1.cost', 'added', undefined],
    ]);
  });

  it('does not depend on the order of keys, and takes what the form does not know for one value', () => {
    expect(told({ parts: [{ cost: { currency: 'CHF', amount: '5' } }] }, { parts: [{ cost: cost('5') }] })).toEqual([
      ['parts.0.cost', 'accepted', 0.5],
    ]);
    expect(told({}, { extra: { a: 1 }, tags: [] })).toEqual([['extra', 'added', undefined]]);
  });
});
