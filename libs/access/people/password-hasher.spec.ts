import { NO_PASSWORD, PasswordHasher } from './password-hasher.js';

describe('passwords', () => {
  const hasher = new PasswordHasher();

  it('are kept as argon2id, each with a salt of its own', async () => {
    const [one, two] = await Promise.all([hasher.hash('open sesame'), hasher.hash('open sesame')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify(one, 'open sesame')).toBe(true);
    expect(await hasher.verify(one, 'open sesame ')).toBe(false);
  });

  it('match nothing where there is no account, or one without a password', async () => {
    expect(await hasher.verify(undefined, 'decoy')).toBe(false);
    expect(await hasher.verify(NO_PASSWORD, NO_PASSWORD)).toBe(false);
  });

  it('are checked a few at a time; a flood is refused, not queued', async () => {
    const hash = await hasher.hash('right');
    const results = await Promise.allSettled(Array.from({ length: 60 }, () => hasher.verify(hash, 'wrong')));
    const refused = results.filter((result): result is PromiseRejectedResult => result.status === 'rejected');
    expect(refused).toHaveLength(60 - 52);
    expect(refused[0]?.reason).toMatchObject({ code: 'TOO_MANY_SIGN_INS' });
    expect(await hasher.verify(hash, 'right')).toBe(true);
  });
});
