import { shownProps } from './evidence.js';

const document = (digit: number) => ({ id: `01890000-0000-7000-8000-00000000000${digit}`, fileName: `${digit}.pdf` });
const place = { document: document(2), page: 3, box: [0, 0.1, 0.2, 0.3] };

describe('the evidence among the props of a task', () => {
  it('is taken out of them; its documents come behind those of the props', () => {
    expect(shownProps({ evidence: { total: [place, { ...place, page: 4 }] }, scan: document(1) })).toEqual({
      facts: { scan: document(1) },
      documents: [document(1), document(2)],
      spots: [
        { path: 'total', ...place },
        { path: 'total', ...place, page: 4 },
      ],
    });
  });

  it('is taken out of them when it is of no field', () => {
    expect(shownProps({ evidence: {}, scan: document(1) })).toMatchObject({ facts: { scan: document(1) }, spots: [] });
  });

  it.each([['a fingerprint'], [{ total: place }], [{ total: [{ ...place, page: '3' }] }], [{ total: [{ ...place, box: [1] }] }]])(
    'stays among them when it is something else of this name: %j',
    (evidence) => {
      const props = { evidence, scan: document(1) };
      expect(shownProps(props)).toMatchObject({ facts: props, spots: [] });
    },
  );
});
