/**
 * The one kind of error that a start may end with and that needs no stack trace: what happened, and what to do about it.
 * Whoever runs a process prints `startErrorLine(error)` and exits 1; everything that is not a StartError is a bug and keeps its stack.
 */
export class StartError extends Error {
  override readonly name = 'StartError';

  /**
   * @param what one sentence: what happened, to which folder, port or version
   * @param remedy one sentence: what the reader can do now
   */
  constructor(
    readonly what: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${what} ${remedy}`, options);
  }
}

/** True for a StartError of any copy of this module (a bundled or twice loaded one included). */
export function isStartError(error: unknown): error is StartError {
  return error instanceof Error && error.name === 'StartError';
}

/**
 * The single line to print for a StartError: line breaks inside quoted causes become spaces.
 * @param what what the process has not done, or no longer does
 */
export function startErrorLine(error: StartError, what = 'Stepwell did not start'): string {
  return `${what}: ${error.message.replace(/\s+/g, ' ').trim()}`;
}
