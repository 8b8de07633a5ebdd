import { documentLimits, problemOf } from './document-limits.js';
import { formatBytes } from './format-bytes.js';

const report = documentLimits({ 'x-formFieldType': 'file', 'x-mediaTypes': ['application/pdf', 'image/*'], 'x-maxBytes': 2_000 });

describe('the limits of a field with documents', () => {
  it('come from its schema; other fields have none', () => {
    expect(report).toEqual({ isList: false, types: ['application/pdf', 'image/*'], maxBytes: 2_000, maxCount: 1 });
    expect(documentLimits({ 'x-formFieldType': 'multi-file', maxItems: 3 })).toMatchObject({ isList: true, maxCount: 3 });
    expect([documentLimits({ type: 'string' }), documentLimits({ 'x-formFieldType': 'hidden' })]).toEqual([undefined, undefined]);
  });

  it.each([
    ['application/pdf', 10, undefined],
    ['image/png', 10, undefined],
    ['', 10, undefined],
    ['text/plain', 10, 'It is text/plain; this field takes application/pdf, image/*.'],
    ['image/png', 2_001, 'It has 2 kB; this field takes up to 2 kB.'],
  ])('%s of %i bytes: %s', (type, size, problem) => {
    if (!report) throw new Error('It is a field with documents.');
    expect(problemOf({ type, size }, report)).toBe(problem);
  });

  it('are told in units that a person reads', () => {
    expect([812, 1_234, 25_000_000, 1_500_000_000].map(formatBytes)).toEqual(['812 B', '1.2 kB', '25 MB', '1.5 GB']);
  });
});
