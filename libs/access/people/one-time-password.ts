import { randomInt } from 'node:crypto';

/** 79 random bits: four groups of letters and digits that are not mistaken for each other. */
export function oneTimePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const letters = Array.from({ length: 16 }, () => alphabet.charAt(randomInt(alphabet.length)));
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}
