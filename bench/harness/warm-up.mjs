/** Long enough for code to be compiled, statements to be prepared and pages to be warm: what is measured is a process at work, not one that has just begun. */
const WARM_UP_MS = 4_000;

/** Does `round` again and again for a while: at least once, `most` times at most. @returns how often */
export async function warmUp(most, round) {
  const end = performance.now() + WARM_UP_MS;
  let rounds = 0;
  do {
    await round();
    rounds++;
  } while (rounds < most && performance.now() < end);
  return rounds;
}
