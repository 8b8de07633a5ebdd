import { StepwellError } from '@stepwell/contracts';

/**
 * Types hold where a compiler looks, and authors may write where none does. What is of the wrong kind is told as what is wrong in any
 * other way: with the place. The cause has the stack, should it be the author's own code that threw.
 *
 * @param where named in the error: `Workflow "x", parallel`
 * @throws StepwellError OPTION_INVALID for a TypeError or a RangeError; everything else as it is
 */
export function authored<T>(where: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    const reason = `something of the wrong kind was given${error.message === '' ? '' : ` (${error.message})`}.`;
    throw new StepwellError('OPTION_INVALID', { where, reason }, { cause: error });
  }
}
