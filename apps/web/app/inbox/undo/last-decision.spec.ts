import { forgetDecision, keepDecision, keptDecision } from './last-decision.js';

const UNTIL = '2026-11-28T10:00:05.000Z';
const END = Date.parse(UNTIL);

function aPlace() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key),
  };
}

describe('the last decision', () => {
  it('is known as long as it can be taken back, and gone then', () => {
    const place = aPlace();
    expect(keptDecision('ada', END - 1, place)).toBeUndefined();
    keepDecision({ viewer: 'ada', id: 't1', until: UNTIL }, place);
    expect(keptDecision('ada', END - 1, place)).toBe('t1');
    expect(keptDecision('ada', END, place)).toBeUndefined();
    expect(place.kept.size).toBe(0);
  });

  it('is the last one, of one account, until it is taken back', () => {
    const place = aPlace();
    keepDecision({ viewer: 'ada', id: 't1', until: UNTIL }, place);
    keepDecision({ viewer: 'ada', id: 't2', until: UNTIL }, place);
    expect(keptDecision('bob', END - 1, place)).toBeUndefined();
    expect(keptDecision('ada', END - 1, place)).toBe('t2');
    forgetDecision(place);
    expect(keptDecision('ada', END - 1, place)).toBeUndefined();
  });

  it.each(['', 'x', 'null', '1', '[]', '{"viewer":"ada"}', '{"viewer":"ada","id":"t1"}', '{"viewer":"ada","id":"t1","until":"soon"}'])(
    'is none where %j stands',
    (text) => {
      const place = aPlace();
      place.setItem('stepwell.decided', text);
      expect(keptDecision('ada', END - 1, place)).toBeUndefined();
    },
  );
});
