// From single measurements to the table: medians with least and greatest, and every system's share of the bare loop.

import { spread } from './statistics.mjs';
import { ANCHOR, PRODUCT, SYSTEMS, WORKLOADS } from './systems.mjs';

const COLUMNS = {
  W1: [
    ['runs/s', 'runsPerSecond', 0],
    ['steps/s', 'stepsPerSecond', 0],
    ['CPU ms/run, Node', 'nodeCpuMsPerRun', 3],
    ['CPU ms/run, Postgres', 'postgresCpuMsPerRun', 3],
    ['CPU ms/step, both', 'cpuMsPerStep', 4],
    ['p50 ms', 'p50Ms', 1],
    ['p99 ms', 'p99Ms', 1],
    ['WAL B/run', 'walBytesPerRun', 0],
    ['other load %', 'otherLoadPercent', 0],
  ],
  W2: [
    ['p50 ms', 'p50Ms', 2],
    ['p99 ms', 'p99Ms', 2],
    ['CPU ms/run, Node', 'nodeCpuMsPerRun', 3],
    ['CPU ms/run, Postgres', 'postgresCpuMsPerRun', 3],
    ['other load %', 'otherLoadPercent', 0],
  ],
};
COLUMNS.W3 = COLUMNS.W2;

/** What "share of the bare loop" means per workload: 1 is as good as the bare loop, 0.2 a fifth of it. */
const SHARES = {
  W1: [
    ['by CPU per step (Node + Postgres)', (own, anchor) => anchor.cpuMsPerStep / own.cpuMsPerStep],
    ['by wall clock (steps/s)', (own, anchor) => own.stepsPerSecond / anchor.stepsPerSecond],
  ],
  W2: [
    ['by CPU per step (Node + Postgres)', (own, anchor) => anchor.cpuMsPerStep / own.cpuMsPerStep],
    ['by latency (p50)', (own, anchor) => anchor.p50Ms / own.p50Ms],
  ],
};
SHARES.W3 = SHARES.W2;

/** How many times a peer's cost Stepwell's is worth: 10 is a tenth of the peer's. */
const TIMES = {
  W1: [
    ['by CPU per run (Node + Postgres)', (own, peer) => peer.cpuMsPerRun / own.cpuMsPerRun],
    ['by wall clock (runs/s)', (own, peer) => own.runsPerSecond / peer.runsPerSecond],
  ],
  W2: [
    ['by CPU per run (Node + Postgres)', (own, peer) => peer.cpuMsPerRun / own.cpuMsPerRun],
    ['by latency (p50)', (own, peer) => peer.p50Ms / own.p50Ms],
  ],
};
TIMES.W3 = TIMES.W2;

/**
 * @param {object[]} measurements the lines the systems printed, each with its `rep`
 * @returns one entry per workload that was measured: the spread of every column per system, and the shares and times, taken within each repeat
 */
export function summarize(measurements) {
  const summary = [];
  for (const workload of Object.keys(WORKLOADS)) {
    const lines = measurements.filter((line) => line.workload === workload);
    if (lines.length === 0) continue;
    const systems = SYSTEMS.map(({ name }) => ({ name, lines: lines.filter((line) => line.system === name) })).filter(
      (s) => s.lines.length > 0,
    );
    /** The figures of one system against another's, neighbours of one repeat each. */
    const compare = (own, other, figures) => {
      const theirs = new Map(lines.filter((line) => line.system === other).map((line) => [line.rep, line]));
      const paired = lines.filter((line) => line.system === own && theirs.has(line.rep));
      if (own === other || paired.length === 0) return [];
      return figures.map(([meaning, figure]) => ({
        name: own,
        of: other,
        meaning,
        ...spread(paired.map((line) => figure(line, theirs.get(line.rep)))),
      }));
    };
    summary.push({
      workload,
      n: Math.max(...lines.map((line) => line.n)),
      inFlight: lines[0].inFlight,
      systems: systems.map(({ name, lines: own }) => ({
        name,
        reps: own.length,
        figures: Object.fromEntries(COLUMNS[workload].map(([, key]) => [key, spread(own.map((line) => line[key]))])),
      })),
      shares: systems.flatMap(({ name }) => compare(name, ANCHOR, SHARES[workload])),
      times: systems.filter(({ name }) => name !== ANCHOR).flatMap(({ name }) => compare(PRODUCT, name, TIMES[workload])),
    });
  }
  return summary;
}

/** The summary as plain text. */
export function renderSummary(summary) {
  return summary
    .map((part) => {
      const header = ['', ...COLUMNS[part.workload].map(([title]) => title)];
      const rows = part.systems.map((system) => [
        system.name,
        ...COLUMNS[part.workload].map(([, key, digits]) => renderSpread(system.figures[key], digits)),
      ]);
      const title = `${part.workload}  ${WORKLOADS[part.workload]}; ${part.n} runs, ${part.inFlight} in flight; median [least-greatest] of ${Math.max(...part.systems.map((s) => s.reps))}`;
      const shares = part.shares.map((share) => `${share.name}: share of the bare loop ${share.meaning}: ${renderSpread(share, 3)}`);
      const times = part.times.map(({ name, of, meaning, ...range }) => `${name}: ${renderSpread(range, 1)} times ${of} ${meaning}`);
      return ['', title, ...renderTable([header, ...rows]), ...shares, ...times].join('\n');
    })
    .join('\n');
}

function renderSpread({ median, min, max }, digits) {
  return `${median.toFixed(digits)} [${min.toFixed(digits)}-${max.toFixed(digits)}]`;
}

function renderTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}
