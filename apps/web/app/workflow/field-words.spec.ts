import { inputFields } from './field-words.js';

describe('the fields of an input', () => {
  it('come in the order of the class, each with its title, its type in words and whether it must be there', () => {
    const fields = inputFields({
      type: 'object',
      properties: {
        note: { type: 'string', title: 'Your note' },
        count: { type: 'integer' },
        grade: { oneOf: [{ const: 'a' }, { const: 'b' }] },
        on: { type: 'string', format: 'date-time' },
        tags: { type: 'array', items: { type: 'string' } },
        papers: { type: 'array', 'x-formFieldType': 'multi-file' },
        token: { type: 'string', 'x-formFieldType': 'hidden' },
        rest: {},
      },
      required: ['count'],
      'x-order': ['count', 'note', 'gone'],
    });
    expect(fields.map(({ name, title, type, isRequired }) => [name, title, type, isRequired])).toEqual([
      ['count', 'Count', 'whole number', true],
      ['note', 'Your note', 'text', false],
      ['grade', 'Grade', 'one of 2', false],
      ['on', 'On', 'date and time', false],
      ['tags', 'Tags', 'list of texts', false],
      ['papers', 'Papers', 'files', false],
      ['token', 'Token', 'not on the form', false],
      ['rest', 'Rest', 'anything', false],
    ]);
  });

  it('are none where there is no class', () => expect(inputFields(null)).toEqual([]));
});
