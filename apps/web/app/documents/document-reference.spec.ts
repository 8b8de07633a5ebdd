import { documentsIn, isDocumentReference } from './document-reference.js';

const document = (digit: number) => ({ id: `01890000-0000-7000-8000-00000000000${digit}`, fileName: `${digit}.pdf` });

describe('documents in a value', () => {
  it('are found however deep, once each, in the order of reading', () => {
    const props = { total: 3, invoice: document(1), files: [document(2), { scan: document(3), again: document(1) }], none: null };
    expect(documentsIn(props)).toEqual([document(1), document(2), document(3)]);
    expect(documentsIn(null)).toEqual([]);
  });

  it.each([
    [{ ...document(1), size: 3 }],
    [{ id: 'invoice', fileName: 'a.pdf' }],
    [{ id: document(1).id, fileName: '' }],
    [{ id: document(1).id }],
    [[document(1).id, 'a.pdf']],
    [document(1).id],
  ])('are told from what only looks like one: %j', (value) => {
    expect(isDocumentReference(value)).toBe(false);
  });
});
