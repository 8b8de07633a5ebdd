import { withoutEmptyGroups } from './empty-groups.js';

const text = { type: 'string' as const };
const file = { type: 'object' as const, properties: { id: text, fileName: text }, required: ['id', 'fileName'] };
const address = {
  type: 'object' as const,
  properties: { street: text, tags: { type: 'array' as const, items: text } },
  required: ['street'],
};
const contact = {
  type: 'object' as const,
  properties: { email: text, isFirm: { type: 'boolean' as const }, address },
  required: ['address'],
};
const schema = {
  properties: { verdict: text, contact, owner: contact, letter: file, scan: file, parts: { items: { properties: { photo: file } } } },
  required: ['verdict', 'owner'],
  allOf: [
    {
      if: { properties: { verdict: { enum: ['refuse'] } }, required: ['verdict'] },
      then: { required: ['scan'] },
      else: { properties: { letter: false, scan: false } },
    },
  ],
};

describe('groups that may be left out', () => {
  it('are, while nothing stands in them, also in lists and on a condition', () => {
    const untouched = { verdict: 'pay', contact: { address: { tags: [] } }, letter: {}, parts: [{ photo: {} }, {}] };
    expect(withoutEmptyGroups(schema, untouched)).toEqual({ verdict: 'pay', parts: [{}, {}] });
  });

  it('stay as soon as something stands in them, with what is needed beside it', () => {
    const touched = { contact: { isFirm: false, address: {} }, letter: { id: 'a', fileName: 'b' } };
    expect(withoutEmptyGroups(schema, touched)).toEqual(touched);
  });

  it('stay where they are needed, so that the server says what is missing in them', () => {
    expect(withoutEmptyGroups(schema, { verdict: 'refuse', owner: {}, scan: {} })).toEqual({ verdict: 'refuse', owner: {}, scan: {} });
    expect(withoutEmptyGroups(schema, { verdict: 'pay', owner: {}, scan: {} })).toEqual({ verdict: 'pay', owner: {} });
  });

  it('are told from lists, texts and nothing', () => {
    const other = { verdict: '', parts: [], contact: { email: '', address: {} }, more: {} };
    expect(withoutEmptyGroups(schema, other)).toEqual(other);
    expect(withoutEmptyGroups(schema, null)).toBeNull();
  });
});
