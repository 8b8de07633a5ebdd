// One line per stage with its time. On a terminal the line counts the seconds while the stage runs; elsewhere (a log, a pipe) there is a
// plain line at the start and one at the end, and nothing is ever overwritten.

/**
 * @template T
 * @param {string} name what is going on, e.g. "Installing packages"
 * @param {() => Promise<T>} work
 * @param {{ hint?: string }} [options] hint: said while it runs, e.g. how long it usually takes
 * @returns {Promise<T>}
 */
export async function stage(name, work, { hint = '' } = {}) {
  const out = process.stdout;
  const begun = performance.now();
  const seconds = () => ((performance.now() - begun) / 1000).toFixed(1);
  const during = () => `${name}${hint && ` (${hint})`} ...`;
  let timer;
  if (out.isTTY) {
    out.write(during());
    timer = setInterval(() => out.write(`\r${during()} ${seconds()} s`), 500);
  } else {
    out.write(`${during()}\n`);
  }
  const finish = (outcome) => {
    clearInterval(timer);
    out.write(`${out.isTTY ? '\r\x1b[K' : ''}${name}: ${outcome} ${seconds()} s\n`);
  };
  try {
    const result = await work();
    finish('done in');
    return result;
  } catch (error) {
    finish('failed after');
    throw error;
  }
}
