import { LinkTokens } from './link-tokens.js';

describe('what a link of a message carries', () => {
  const tokens = new LinkTokens('a key that is long enough for this test');
  const token = tokens.verification('t', 'u', 'n');

  it('is believed as it was made, and for what it was made', () => {
    expect(tokens.isVerification(token, 't', 'u', 'n')).toBe(true);
    expect(tokens.isVerification(token, 't', 'u', 'other')).toBe(false);
  });

  it('is not believed, whatever else it is: as long, but of letters of more than one byte', () => {
    expect(tokens.isVerification('é'.repeat(token.length), 't', 'u', 'n')).toBe(false);
    expect(tokens.isVerification('', 't', 'u', 'n')).toBe(false);
  });
});
