import { screenAgreement } from './screen-agreement.js';
import { wilson } from './wilson.js';

const ROW = { workflow: 'claim', version: 1, screen: 'settle-claim', title: 'Settle', source: 'read-claim', fields: null };

describe('how often people agree with a screen', () => {
  it('is told by field and by confidence; what was added is no suggestion', () => {
    const fields = [
      { path: 'days', outcome: 'accepted', tenth: 9, count: 7 },
      { path: 'days', outcome: 'changed', tenth: 9, count: 1 },
      { path: 'days', outcome: 'changed', tenth: 4, count: 2 },
      { path: 'note', outcome: 'added', tenth: null, count: 5 },
      { path: 'parts.*.cost', outcome: 'cleared', tenth: null, count: 1 },
    ];
    expect(screenAgreement({ ...ROW, decisions: 10, unchanged: 4, fields })).toMatchObject({
      fields: [
        { path: 'days', accepted: 7, changed: 3, added: 0, cleared: 0 },
        { path: 'note', added: 5 },
        { path: 'parts.*.cost', cleared: 1 },
      ],
      byConfidence: [
        { from: 0.9, to: 1, values: 8, accepted: 7 },
        { from: 0, to: 0.5, values: 2, accepted: 0 },
        { from: null, to: null, values: 1, accepted: 0 },
      ],
      proposal: null,
    });
  });

  it('proposes a condition after a hundred decisions without a change, and not a decision sooner', () => {
    const proposed = (decisions: number, unchanged: number) => screenAgreement({ ...ROW, decisions, unchanged }).proposal;
    expect([proposed(99, 99), proposed(312, 311)]).toEqual([null, null]);
    expect(proposed(312, 312)?.words).toContain(
      'confirmed unchanged in 312 of 312 decisions. So of a hundred like these at least 98.7 would be',
    );
    expect(proposed(100, 100)?.code).toContain("(ctx) => needsAPerson(ctx.resultOf('read-claim'))");
    expect(proposed(100, 100)?.code).toContain('(yes) => yes.screen(SettleClaim)');
  });

  it('says how far a share of few may be from the true one', () => {
    // Known values of the Wilson score interval, as R's binom.confint gives them.
    expect(wilson(8, 10)).toEqual({ low: expect.closeTo(0.4902, 4), high: expect.closeTo(0.9433, 4) });
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});
