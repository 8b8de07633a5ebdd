/** What a comment says: plain text, which nobody ever reads as markup; and whom it names. */
import { findNonJson, refusedField } from '@stepwell/contracts';

/** A page of prose. */
const MAX_TEXT = 4_000;
/** Of one comment: who wants to tell more people gives the task to a group. */
const MOST_MENTIONS = 20;

/**
 * @returns the text as it is kept: one kind of line break, nothing around it
 * @throws StepwellError INPUT_INVALID for nothing, too much, or a character that nobody sees
 */
export function commentText(text: string): string {
  const kept = text.replaceAll(/\r\n?/g, '\n').trim();
  const reason =
    kept === ''
      ? 'it is empty'
      : kept.length > MAX_TEXT
        ? `it is longer than ${MAX_TEXT} characters`
        : /[^\P{Cc}\n\t]/u.test(kept)
          ? 'it has control characters other than line breaks and tabs'
          : findNonJson(kept)?.reason;
  if (reason === undefined) return kept;
  throw refusedField('text', reason, `The comment cannot be kept: ${reason}.`);
}

/** It is indexed: PostgreSQL takes 2.7 kB. Characters. */
const MAX_KEY = 512;

/** @throws StepwellError INPUT_INVALID for one that is empty, too long, or none that PostgreSQL can store */
export function commentKey(key: string | null): string | null {
  if (key === null) return null;
  const reason = key === '' ? 'it is empty' : key.length > MAX_KEY ? `it is longer than ${MAX_KEY} characters` : findNonJson(key)?.reason;
  if (reason === undefined) return key;
  throw refusedField('idempotencyKey', reason, `The idempotency key cannot be kept: ${reason}.`);
}

/** What stands behind an @ that no word, address or other @ stands before; a sign at its end may belong to the sentence. */
export function namesIn(text: string): readonly string[] {
  const written = [...text.matchAll(/(?<![\p{L}\p{N}_.@-])@([\p{L}\p{N}_.-]{1,100})/gu)].flatMap(([, name = '']) => [
    name,
    name.replace(/[._-]+$/, ''),
  ]);
  return [...new Set(written)].filter(Boolean).slice(0, 2 * MOST_MENTIONS);
}
