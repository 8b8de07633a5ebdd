/** Does `one` n times, at most `inFlight` at once. @returns how many milliseconds each took, in the order in which they ended */
export async function drive(n, inFlight, one) {
  const latencies = [];
  let started = 0;
  const lane = async () => {
    while (started < n) {
      const index = started++;
      const at = performance.now();
      await one(index);
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, n) }, lane));
  return latencies;
}
