import { fits, structuralValidator } from './structural-validator.js';

describe('the validator of the form', () => {
  it('finds no fault with anything: the server does', () => {
    expect(structuralValidator.validateFormData({}, { type: 'object', required: ['a'] })).toEqual({ errors: [], errorSchema: {} });
  });

  it('tells alternatives apart by their constants', () => {
    const branch = (kind: string) => ({ properties: { kind: { const: kind } }, required: ['kind'] });
    expect(fits(branch('letter'), { kind: 'letter', text: '' })).toBe(true);
    expect(fits(branch('call'), { kind: 'letter' })).toBe(false);
    expect(fits(branch('call'), {})).toBe(false);
  });

  it.each([
    ['string', 'x', true],
    ['string', 1, false],
    ['integer', 1.5, false],
    ['array', [], true],
    ['object', [], false],
    ['null', null, true],
  ] as const)('type %s and %j: %s', (type, data, expected) => {
    expect(fits({ type }, data as never)).toBe(expected);
  });

  it('runs without compiling code, as the content security policy demands', () => {
    const { Function: original } = globalThis;
    const seen: unknown[] = [];
    globalThis.Function = new Proxy(original, { construct: (...words) => (seen.push(words), {}) });
    try {
      fits({ anyOf: [{ enum: ['a'] }, { oneOf: [{ type: 'number' }] }] }, 2);
    } finally {
      globalThis.Function = original;
    }
    expect(seen).toEqual([]);
  });
});
