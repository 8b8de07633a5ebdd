import { toErrorSchema, homeless } from './field-errors.js';
import { prepareSchema } from './prepare-schema.js';
import { uiHints } from './ui-hints.js';

describe('uiHints', () => {
  const hints = uiHints({
    type: 'object',
    properties: {
      verdict: { type: 'string', enum: ['confirmed', 'not-a-strike'] },
      airport: { type: 'string', enum: Array.from({ length: 40 }, (_, index) => `airport-${index}`) },
      note: { type: 'string', description: 'Why?' },
      name: { type: 'string', maxLength: 40 },
      story: { type: 'string', maxLength: 4_000 },
      severity: { oneOf: [{ const: 'none', title: 'No damage' }] },
      operator: { type: 'object', properties: { contactName: { type: 'string' } } },
    },
  }) as Record<string, Record<string, unknown>>;

  it('shows a few choices all at once, in words, and many in a list', () => {
    expect(hints.verdict).toMatchObject({ 'ui:widget': 'choice', 'ui:enumNames': ['Confirmed', 'Not a strike'], 'ui:title': 'Verdict' });
    expect(hints.airport).toMatchObject({ 'ui:widget': 'select' });
    expect(hints.severity).toMatchObject({ 'ui:widget': 'choice' });
    expect(hints.severity).toMatchObject({ 'ui:enumNames': ['No damage'] });
  });

  it('gives long texts several lines', () => {
    expect(hints.note).toMatchObject({ 'ui:widget': 'textarea', 'ui:description': 'Why?' });
    expect(hints.story).toMatchObject({ 'ui:widget': 'textarea' });
    expect(hints.name).not.toHaveProperty('ui:widget');
  });

  it('goes into groups', () => {
    expect(hints.operator).toMatchObject({ 'ui:title': 'Operator', contactName: { 'ui:title': 'Contact name' } });
  });
});

describe('the order of fields', () => {
  it('is the author’s, whatever the database made of it', () => {
    const schema = { properties: { note: {}, verdict: {}, extra: {} }, 'x-order': ['verdict', 'note', 'gone'] };
    expect(uiHints(schema)['ui:order']).toEqual(['verdict', 'note', '*']);
  });
});

describe('prepareSchema', () => {
  it('turns named choices into plain ones, so that none of them is taken for a default, and says their type', () => {
    const grade = { title: 'Grade', oneOf: [{ const: 1, title: 'One' }] };
    expect(prepareSchema({ properties: { grade, marks: { type: 'array', items: { enum: ['a'] } } } }).properties).toEqual({
      grade: { title: 'Grade', type: 'number', enum: [1] },
      marks: { type: 'array', items: { enum: ['a'], type: 'string' } },
    });
  });

  it('leaves alternatives that are more than constants alone', () => {
    const schema = { oneOf: [{ properties: { a: { const: 1 } } }] };
    expect(prepareSchema(schema)).toEqual(schema);
  });
});

describe('the errors of fields', () => {
  it('lands each error on its field, however deep', () => {
    const schema = toErrorSchema([
      { path: ['note'], message: 'too short' },
      { path: ['note'], message: 'not a sentence' },
      { path: ['operator', 'contactName'], message: 'missing' },
    ]);
    expect(schema).toEqual({
      note: { __errors: ['too short', 'not a sentence'] },
      operator: { contactName: { __errors: ['missing'] } },
    });
  });

  it('finds those that no field would show', () => {
    const problems = [
      { path: ['note'], message: 'a' },
      { path: ['gone'], message: 'b' },
      { path: [], message: 'c' },
    ];
    expect(homeless(problems, new Set(['note'])).map(({ message }) => message)).toEqual(['b', 'c']);
  });
});
