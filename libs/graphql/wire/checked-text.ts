import { StepwellError } from '@stepwell/contracts';

/**
 * What a filter compares with a column of text. PostgreSQL takes no NUL there, so a text with one is a mistake and not a bug.
 *
 * @param argument as the client wrote it, for the message
 * @returns null when nothing is asked for
 * @throws StepwellError INPUT_INVALID
 */
export function checkedText(argument: string, text: string | null | undefined): string | null {
  if (text?.includes('\0')) throw new StepwellError('INPUT_INVALID', { reason: `${argument} holds the character NUL; leave it out.` });
  return text ?? null;
}

/** Several of them, any of which will do. */
export function checkedTexts(argument: string, texts: readonly string[] | null | undefined): readonly string[] | null {
  return texts?.map((text) => checkedText(argument, text) ?? '') ?? null;
}
