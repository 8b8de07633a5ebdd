// A run whose figures the docs tell, small enough to be kept: what came out of it, rounded to what figures are worth.

const DIGITS = 4;

/**
 * @param {object} about when, where and with what it was measured
 * @param {{ measurements: object[] }} results of the campaign
 * @param {object[]} summary of them
 * @returns {string} JSON, with a line for each figure
 */
export function publishedText(about, { measurements }, summary) {
  const workloads = Object.fromEntries(
    summary.map(({ workload, systems, targets }) => [
      workload,
      {
        systems: Object.fromEntries(systems.map((system) => [system.name, told(system, questionsOf(measurements, workload, system.name))])),
        aims: targets.map((aim) => ({ ...aim, found: aim.found === null ? null : rounded(aim.found) })),
      },
    ]),
  );
  const text = JSON.stringify({ ...about, workloads }, null, 2);
  return `${text.replace(/\[\s+(-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*)\s+\]/g, (_, numbers) => `[${numbers.split(/,\s+/).join(', ')}]`)}\n`;
}

function told({ reason, n, reps, figures, shares, times }, questions) {
  if (reason !== undefined) return { reason: reason.split('\n')[0] };
  const some = (name, spreads) => (Object.keys(spreads).length > 0 ? { [name]: spreadsOf(spreads) } : {});
  return { n, reps, figures: spreadsOf(figures), ...some('ofTheBareLoop', shares), ...some('stepwellIs', times), ...questions };
}

/** Of the lists: each question by itself, of the first repeat. */
function questionsOf(measurements, workload, system) {
  const { questions } = measurements.find((line) => line.workload === workload && line.system === system) ?? {};
  if (!questions) return {};
  const all = ({ p50Ms, p95Ms, maxMs }) => ({ p50Ms: rounded(p50Ms), p95Ms: rounded(p95Ms), maxMs: rounded(maxMs) });
  return { questions: Object.fromEntries(Object.entries(questions).map(([question, times]) => [question, all(times)])) };
}

function spreadsOf(spreads) {
  return Object.fromEntries(Object.entries(spreads).map(([key, { median, min, max }]) => [key, [median, min, max].map(rounded)]));
}

function rounded(value) {
  return Number(value.toPrecision(DIGITS));
}
