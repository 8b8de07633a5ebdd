import { findNonJson, StepwellError } from '@stepwell/contracts';

/** A page of prose. */
const MAX_TEXT = 4_000;

/**
 * @param what it is, for the message: "reason of the skip"
 * @throws StepwellError INPUT_INVALID when it is too long, or holds what PostgreSQL cannot store
 */
export function checkText(text: string | null, what: string): void {
  const reason =
    text === null ? undefined : text.length > MAX_TEXT ? `it is longer than ${MAX_TEXT} characters` : findNonJson(text)?.reason;
  if (reason !== undefined) throw new StepwellError('INPUT_INVALID', { reason: `The ${what} cannot be kept: ${reason}.` });
}
