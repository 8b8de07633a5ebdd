import { findNonJson, StepwellError } from '@stepwell/contracts';

/** As file systems have it. */
const MAX_LENGTH = 255;
const CONTROL = /\p{Cc}/gu;

/** What a sender calls a file, without the folders that some browsers send along, and fit to be shown. */
export function fileNameOf(sent: string): string {
  const name = (sent.split(/[\\/]/).pop() ?? '').replaceAll(CONTROL, ' ').trim();
  // Its end tells what it is: a long name loses its middle.
  return checkedFileName(name.length <= MAX_LENGTH ? name : `${name.slice(0, MAX_LENGTH - 21)}…${name.slice(-20)}`);
}

/** @throws StepwellError INPUT_INVALID */
export function checkedFileName(name: string): string {
  const isName = name !== '' && name.length <= MAX_LENGTH && !/[\\/]|\p{Cc}/u.test(name) && !findNonJson(name);
  if (isName) return name;
  throw new StepwellError('INPUT_INVALID', {
    reason: `"${name.slice(0, 50)}" is no file name: 1 to ${MAX_LENGTH} characters, no slashes.`,
  });
}
