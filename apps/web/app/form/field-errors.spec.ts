import { inSentences } from './field-errors.js';

describe('problems in a place without a form', () => {
  it('name the field that they are about, without the argument that leads to it', () => {
    const refused = [
      { path: ['input', 'parts', '0', 'cost'], message: 'Needs an amount' },
      { path: ['reason'], message: 'Needs a value' },
    ];
    expect(inSentences(refused, 'input')).toBe('parts.0.cost: Needs an amount; reason: Needs a value');
  });

  it('stand alone when they are about no field', () => {
    expect(inSentences([{ path: null, message: 'It has ended.' }], 'input')).toBe('It has ended.');
    expect(inSentences([{ path: ['input'], message: 'Needs an object' }], 'input')).toBe('Needs an object');
    expect(inSentences([], 'input')).toBe('');
  });

  it('name a field that is called as the argument is elsewhere', () => {
    expect(inSentences([{ path: ['input'], message: 'Needs a text' }])).toBe('input: Needs a text');
  });
});
