import { isFieldOf } from './form-field.js';

const FORM = {
  type: 'object',
  properties: {
    verdict: { type: 'string' },
    channel: { type: 'string', 'x-formFieldType': 'hidden' },
    contact: { type: 'object', properties: { email: { type: 'string' } } },
    parts: {
      type: 'array',
      items: { type: 'object', properties: { cost: { type: 'object', properties: { amount: { type: 'string' } } } } },
    },
  },
};

describe('a field of a form', () => {
  it.each(['verdict', 'contact', 'contact.email', 'parts', 'parts.0', 'parts.12.cost', 'parts.0.cost.amount'])('is at %s', (address) => {
    expect(isFieldOf(FORM, address)).toBe(true);
  });

  it.each([
    '',
    '.',
    'channel',
    'nothing',
    'verdict.0',
    'contact.0',
    'parts.cost',
    'parts.01',
    'parts.-1',
    'parts.0.',
    'constructor',
    '__proto__',
    'verdict.type',
  ])('is none at "%s"', (address) => {
    expect(isFieldOf(FORM, address)).toBe(false);
  });
});
