// From single measurements to what is told of them: medians with least and greatest, ratios between neighbours, and what became of the aims.

import { spread } from '../harness/statistics.mjs';
import { ANCHOR, PRODUCT } from '../peers/index.mjs';
import { aimsOf } from './aims.mjs';
import { ratios } from './ratios.mjs';

/**
 * @param {{ measurements: object[], failures: object[], absent: { system: string, reason: string }[] }} results of a campaign
 * @param {{ peers: object[], workloads: object[] }} plan
 * @returns {object[]} one entry per workload: `systems` (each with its `figures`, and its `shares` and `times` by figure, or with the `reason` why
 *   it has none) and `targets`
 */
export function summarize({ measurements, failures, absent }, { peers, workloads }) {
  return workloads.map((workload) => {
    const lines = measurements.filter((line) => line.workload === workload.name);
    const linesOf = (name) => lines.filter((line) => line.system === name);
    const share = (key, name, other) => ratios(figureOf(workload, key), linesOf(name), linesOf(other));
    const byHeadline = (ratio) =>
      Object.fromEntries(
        workload.headline.flatMap((key) => {
          const values = ratio(key);
          return values.length > 0 ? [[key, spread(values)]] : [];
        }),
      );
    const systems = peers.map(({ name, title, leavesOut, cannot }) => {
      const own = linesOf(name);
      const failure = failures.find((one) => one.system === name && one.workload === workload.name);
      if (own.length === 0) {
        const reason =
          cannot[workload.needs] ??
          absent.find(({ system }) => system === name)?.reason ??
          (failure ? `failed: ${reasonOf(failure.message)}` : 'not measured');
        return { name, title, reason };
      }
      return {
        name,
        title,
        leavesOut,
        n: own[0].n,
        reps: own.length,
        figures: Object.fromEntries(
          workload.figures.flatMap(({ key }) => (own[0][key] === undefined ? [] : [[key, spread(own.map((line) => line[key]))]])),
        ),
        shares: name === ANCHOR ? {} : byHeadline((key) => share(key, name, ANCHOR)),
        times: name === PRODUCT || name === ANCHOR ? {} : byHeadline((key) => share(key, PRODUCT, name)),
      };
    });
    return { workload: workload.name, systems, targets: aimsOf(workload, systems, (key, other) => share(key, PRODUCT, other)) };
  });
}

/** The line that says what happened, of what a process left behind. */
function reasonOf(message) {
  const lines = message.split('\n');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0];
}

function figureOf(workload, key) {
  return workload.figures.find((figure) => figure.key === key);
}
