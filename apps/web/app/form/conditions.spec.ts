import { conditionsOf, shownPart, withHidden } from './conditions.js';
import { toInstant, toLocalText } from './local-time.js';
import { prepareSchema } from './prepare-schema.js';
import { readAmount } from './read-amount.js';

const shownWhen = (field: string, value: string, target: string, isNeeded = true) => ({
  if: { properties: { [field]: { enum: [value] } }, required: [field] },
  then: isNeeded ? { required: [target] } : {},
  else: { properties: { [target]: false } },
});
const contact = { type: 'object' as const, properties: { kind: {}, firm: { title: 'Firm' } }, allOf: [shownWhen('kind', 'firm', 'firm')] };
const schema = {
  properties: { verdict: {}, reason: {}, more: {}, contacts: { items: contact } },
  allOf: [shownWhen('verdict', 'refuse', 'reason'), shownWhen('reason', 'other', 'more', false)],
};

describe('fields on a condition', () => {
  it('are moved into the condition, where the form library looks for them', () => {
    const { properties, allOf } = prepareSchema(schema);
    expect(Object.keys(properties ?? {})).toEqual(['verdict', 'contacts']);
    expect(allOf).toMatchObject([
      { if: { required: ['verdict'] }, then: { properties: { reason: {} }, required: ['reason'] } },
      { if: { required: ['reason'] }, then: { properties: { more: {} }, required: [] } },
    ]);
    expect(conditionsOf({ properties: {} })).toEqual([]);
  });

  it('take what is hidden out of the answer, in lists too, and what only it had shown', () => {
    const contacts = [
      { kind: 'person', firm: 'Acme' },
      { kind: 'firm', firm: 'Acme' },
    ];
    const whole = { verdict: 'refuse', reason: 'other', more: 'x', contacts };
    expect(shownPart(schema, whole)).toEqual({ ...whole, contacts: [{ kind: 'person' }, { kind: 'firm', firm: 'Acme' }] });
    expect(shownPart(schema, { ...whole, verdict: 'pay', contacts: [] })).toEqual({ verdict: 'pay', contacts: [] });
  });
});

describe('what stood in a field that is hidden', () => {
  it('is kept beside the answer, and comes back with the field', () => {
    const whole = { verdict: 'refuse', reason: 'other' };
    const away = { whole: withHidden(schema, { verdict: 'pay' }, { whole, shown: whole }), shown: { verdict: 'pay' } };
    expect(away.whole).toEqual({ verdict: 'pay', reason: 'other' });
    expect(withHidden(schema, { verdict: 'refuse' }, away)).toEqual(whole);
  });

  it('does not come back when it was emptied where one saw it', () => {
    const whole = { verdict: 'refuse', reason: 'other' };
    expect(withHidden(schema, { verdict: 'refuse' }, { whole, shown: whole })).toEqual({ verdict: 'refuse' });
  });
});

describe('amounts as people write them', () => {
  it.each([
    ['12.5', '12.5'],
    ['1,234.50', '1234.50'],
    ["1'234.50", '1234.50'],
    ['1.234,50', '1234.50'],
    ['1234,5', '1234.5'],
    ['12.', '12'],
    ['twelve', 'twelve'],
    ['', ''],
  ])('%s is %s', (text, amount) => {
    expect(readAmount(text)).toBe(amount);
  });
});

describe('an instant in the reader’s zone', () => {
  it('comes back as it was, to the minute', () => {
    expect(toInstant(toLocalText('2026-03-01T08:30:00.000Z'))).toBe('2026-03-01T08:30:00.000Z');
    expect([toLocalText('never'), toInstant('')]).toEqual(['', undefined]);
  });
});
