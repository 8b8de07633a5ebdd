import { excerptOf, readLine } from './csv-line.js';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('one line of CSV', () => {
  it('splits at commas, and at those outside quotation marks only', () => {
    expect(readLine(bytes('a,b c,,d'))).toEqual({ ok: true, cells: ['a', 'b c', '', 'd'] });
    expect(readLine(bytes('"a,b",c,"say ""hi"""'))).toEqual({ ok: true, cells: ['a,b', 'c', 'say "hi"'] });
  });

  it.each([
    ['an open quotation mark', '"a,b,c', 'The quotation marks do not pair: Quote Not Closed'],
    ['a quotation mark inside a cell', 'a,b"c,d', 'The quotation marks do not pair: Invalid Opening Quote'],
    ['text behind a closing one', 'a,"b"c,d', 'The quotation marks do not pair: Invalid Closing Quote'],
    ['a NUL', 'a,\u0000,c', 'The line holds a control character.'],
    ['far too much', 'x'.repeat(20_000), 'The line has 20000 bytes; a report has at most 16384.'],
  ])('refuses %s', (_, line, reason) => {
    expect(readLine(bytes(line))).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('refuses bytes in another encoding', () => {
    expect(readLine(Buffer.from('CIUDAD JUÁREZ', 'latin1'))).toEqual({ ok: false, reason: 'The line is not valid UTF-8.' });
  });

  it('shows what stood there in a text that can be stored', () => {
    expect(excerptOf(Buffer.from('a\u0000\u00c1b', 'latin1'))).toBe('a\uFFFD\uFFFDb');
    const long = excerptOf(bytes('\u{1F986}'.repeat(200)));
    expect(long).toBe(`${'\u{1F986}'.repeat(160)}...`);
  });
});
