import { type LetterFate, letterFate } from './letter-fate.js';
import { LetterOffice } from './letter-office.js';

/** The first report whose letter has this fate. */
function reportWith(fits: (fate: LetterFate) => boolean): string {
  for (let number = 1; ; number++) if (fits(letterFate(`report-${number}`))) return `report-${number}`;
}

const usual = reportWith(({ position, refusals, losses }) => position === 'agreed' && refusals === 0 && losses === 0);
const disputed = reportWith(({ position }) => position === 'disputed');
const refusedOnce = reportWith(({ refusals }) => refusals === 1);
const lostOnce = reportWith(({ losses }) => losses === 1);
const lostForEver = reportWith(({ losses }) => losses === Number.POSITIVE_INFINITY);

const letter = (reportId: string, callbackUrl = 'http://a/') => ({ reportId, idempotencyKey: `key of ${reportId}`, callbackUrl });

describe('the fate of letters', () => {
  it('is the same every time, and of 2,000 reports about a sixth is disputed and a twentieth never answered', () => {
    const fates = Array.from({ length: 2_000 }, (_, number) => letterFate(`x${number}`));
    expect(fates).toEqual(Array.from({ length: 2_000 }, (_, number) => letterFate(`x${number}`)));
    const share = (fits: (fate: LetterFate) => boolean): number => fates.filter(fits).length / fates.length;
    expect(share(({ position }) => position === 'disputed')).toBeCloseTo(0.15, 1);
    expect(share(({ losses }) => losses > 3)).toBeCloseTo(0.05, 1);
    expect(fates.every(({ delayMs }) => delayMs >= 500 && delayMs <= 3_000)).toBe(true);
  });
});

describe('the letter office', () => {
  it('delivers a letter once, however often it is handed in, and calls back where it was last told to', () => {
    const office = new LetterOffice();
    expect(office.accept(letter(usual))).toEqual({ refused: false, deliverInMs: letterFate(usual).delayMs });
    expect(office.accept(letter(usual, 'http://b/'))).toEqual({ refused: false, deliverInMs: null });
    expect(office.deliver(`key of ${usual}`)).toEqual({
      callbackUrl: 'http://b/',
      outcome: { result: { position: 'agreed', statement: expect.any(String) } },
    });
  });

  it('answers an answered letter again at once, with the same answer', () => {
    const office = new LetterOffice();
    office.accept(letter(disputed));
    const first = office.deliver(`key of ${disputed}`);
    expect(first).toMatchObject({ outcome: { result: { position: 'disputed' } } });
    expect(office.accept(letter(disputed))).toEqual({ refused: false, deliverInMs: 0 });
    expect(office.deliver(`key of ${disputed}`)).toEqual(first);
  });

  it('refuses at first where the service is unavailable', () => {
    const office = new LetterOffice();
    expect(office.accept(letter(refusedOnce))).toEqual({ refused: true });
    expect(office.accept(letter(refusedOnce))).toMatchObject({ refused: false });
  });

  it('loses a letter, and sends it anew when it is handed in again', () => {
    const office = new LetterOffice();
    for (const expected of [{ error: expect.stringContaining('Delivery 1') }, { result: expect.anything() }]) {
      office.accept(letter(lostOnce));
      expect(office.deliver(`key of ${lostOnce}`)?.outcome).toEqual(expected);
    }
  });

  it('loses some letters every time', () => {
    const office = new LetterOffice();
    for (let attempt = 1; attempt <= 5; attempt++) {
      office.accept(letter(lostForEver));
      expect(office.deliver(`key of ${lostForEver}`)?.outcome).toEqual({ error: expect.stringContaining(`Delivery ${attempt}`) });
    }
  });
});
