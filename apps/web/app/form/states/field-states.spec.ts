import type { RJSFSchema } from '@rjsf/utils';
import type { Json } from '../../graphql.js';
import { changedFields, fieldStates, type FormProgress, type Suggested } from './field-states.js';

const MONEY = { type: 'object', 'x-formFieldType': 'money', properties: { amount: { type: 'string' }, currency: { type: 'string' } } };
const SCHEMA = {
  type: 'object',
  required: ['verdict', 'days', 'contact', 'parts'],
  properties: {
    parts: { type: 'array', items: { type: 'object', required: ['cost'], properties: { name: { type: 'string' }, cost: MONEY } } },
    verdict: { type: 'string', enum: ['pay', 'refuse'] },
    reason: { type: 'string' },
    note: { type: 'string' },
    days: { type: 'integer' },
    isFinal: { type: 'boolean', default: false },
    contact: { type: 'object', required: ['email'], properties: { email: { type: 'string', title: 'E-mail' } } },
    secret: { type: 'string', 'x-formFieldType': 'hidden' },
  },
  allOf: [
    {
      if: { properties: { verdict: { const: 'refuse' } }, required: ['verdict'] },
      then: { required: ['reason'] },
      else: { properties: { reason: false } },
    },
  ],
  'x-order': ['verdict', 'reason', 'days', 'note', 'isFinal', 'contact', 'parts'],
} as unknown as RJSFSchema;

const cost = { amount: '5', currency: 'CHF' };
const VALUES = { verdict: 'pay', note: 'as always', contact: { email: 'a@b.ch' }, parts: [{ name: 'wing', cost }, { name: 'nose' }] };
const SUGGESTED: Suggested = {
  values: VALUES,
  confidence: 0.9,
  fields: [
    { path: 'parts', confidence: 0.2 },
    { path: 'parts.0.name', confidence: 0.85 },
  ],
  openBelow: 0.8,
};

function statesOf(value: Json, { confirmed = [], ...rest }: Omit<Partial<FormProgress>, 'confirmed'> & { confirmed?: string[] } = {}) {
  const states = fieldStates({ schema: SCHEMA, value, suggested: SUGGESTED, problems: [], ...rest, confirmed: new Set(confirmed) });
  return Object.fromEntries(states.map(({ key, state }) => [key, state]));
}

describe('the state of a field', () => {
  it('is suggested where somebody is sure enough of its value, and open where it needs a person; in the order of the form', () => {
    expect(Object.entries(statesOf({ ...VALUES, isFinal: false }))).toEqual([
      ['verdict', 'suggested'],
      ['days', 'open'],
      ['note', 'suggested'],
      ['isFinal', undefined],
      ['contact.email', 'suggested'],
      ['parts.0.name', 'suggested'],
      ['parts.0.cost', 'open'],
      ['parts.1.name', 'open'],
      ['parts.1.cost', 'open'],
    ]);
  });

  it('is confirmed where a person has changed or emptied it, or says that it is right; also when it was before the page was loaded', () => {
    const { note: _, ...rest } = VALUES;
    expect(statesOf({ ...rest, days: 4 }, { confirmed: ['verdict', 'note', 'parts.0.cost'] })).toMatchObject({
      verdict: 'confirmed',
      note: 'confirmed',
      days: 'confirmed',
      'parts.0.cost': 'confirmed',
      'contact.email': 'suggested',
    });
  });

  it('is failed where the server has refused it or what is in it, and is gone with its field', () => {
    const problems = [{ path: ['parts', '0', 'cost', 'amount'], message: 'no' }];
    expect(statesOf(VALUES, { problems, confirmed: ['parts.0.cost'] })).toMatchObject({
      'parts.0.cost': 'failed',
      'parts.0.name': 'suggested',
    });
    expect(statesOf({ verdict: 'refuse' })).toMatchObject({ reason: 'open', parts: 'open' });
    expect(statesOf({ verdict: 'pay' })).not.toHaveProperty('reason');
  });

  it('is asked of nobody for who has not been sure of anything, and its name is its own', () => {
    const states = fieldStates({
      schema: SCHEMA,
      value: VALUES,
      suggested: { ...SUGGESTED, confidence: null, fields: [] },
      problems: [],
      confirmed: new Set(),
    });
    expect(states.find(({ key }) => key === 'parts.1.name')).toMatchObject({
      name: 'Name, Parts 2',
      state: 'suggested',
      confidence: null,
      isConfirmable: true,
    });
    expect(states.find(({ key }) => key === 'contact.email')?.name).toBe('E-mail, Contact');
  });

  it('is told by what has changed', () => {
    expect(
      changedFields(SCHEMA, VALUES, { ...VALUES, verdict: 'refuse', parts: [{ name: 'wing', cost: { ...cost, amount: '6' } }] }),
    ).toEqual(['verdict', 'parts.0.cost', 'parts.1.name']);
  });
});
