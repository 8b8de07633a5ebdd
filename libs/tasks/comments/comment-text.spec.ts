import { commentText, namesIn } from './comment-text.js';

describe('the text of a comment', () => {
  it('is plain, and kept as it was written', () => {
    expect(commentText(' <b>why</b>\r\n\t=1+1 & “so” \n')).toBe('<b>why</b>\n\t=1+1 & “so”');
  });

  it.each(['', ' \n ', 'a\u0000b', 'a\u001b[31m', 'a\u0085b', 'a\ud83d', 'x'.repeat(4_001)])('is refused: %j', (text) => {
    expect(() => commentText(text)).toThrow('The comment cannot be kept');
  });

  it('names people with an @, and not by a mail address', () => {
    expect(namesIn('@ann, (@bob.lee) and @zoë. Write to a@example.com, or @@nobody @')).toEqual(['ann', 'bob.lee', 'zoë.', 'zoë']);
  });
});
