// An end of a launcher program that needs no stack trace: what happened, and what to do. The same shape as StartError in libs/postgres,
// which cannot be imported before there are node_modules and a build.
export class StartError extends Error {
  name = 'StartError';

  /**
   * @param {string} what one sentence: what happened
   * @param {string} remedy one sentence: what the reader can do now
   */
  constructor(what, remedy, options) {
    super(`${what} ${remedy}`, options);
  }
}

/** Runs a program's main function; a StartError becomes one line and exit code 1. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(`Stepwell: ${error.message.replace(/\s+/g, ' ')}`);
    process.exitCode = 1;
  }
}
