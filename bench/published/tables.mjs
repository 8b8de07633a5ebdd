// The tables of docs/reference/performance.md, from the published runs beside this file: node bench/published/tables.mjs

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findPeer, PRODUCT } from '../peers/index.mjs';
import { findWorkload } from '../workloads/index.mjs';

/** What systems are compared by, beside each other. */
const COLUMNS = [
  ['three-steps', 'cpuMsPerStep', 'CPU ms a step'],
  ['three-steps', 'stepsPerSecond', 'steps/s'],
  ['latency', 'p50Ms', 'one step, ms'],
  ['resume', 'p50Ms', 'resume, ms'],
  ['bulk-resume', 'runsPerSecond', 'resumes/s'],
  ['fan-out', 'childrenPerSecond', 'children/s'],
  ['timers', 'p99Ms', 'timers, p99 ms late'],
  ['emitter', 'recordsPerSecond', 'records/s'],
];

/** @returns {Record<string, object>} the published runs, by their names */
export function publishedRuns(folder = import.meta.dirname) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return Object.fromEntries(
    files.sort().map((file) => [path.basename(file, '.json'), JSON.parse(readFileSync(path.join(folder, file), 'utf8'))]),
  );
}

/** What a run aims at, and what became of it. @returns {string[]} rows */
export function aimRows({ workloads }) {
  return Object.entries(workloads).flatMap(([name, { aims = [] }]) =>
    aims.map(
      ({ what, found, verdict, by, notMeasured }) =>
      row([name, what, found === null ? '' : figure(found), [verdict, by && `nearest: ${by}`, notMeasured && `not measured: ${notMeasured.join(', ')}`].filter(Boolean).join('; ')]), // prettier-ignore
    ),
  );
}

/** Medians of all systems, beside each other. @returns {string[]} rows */
export function systemRows({ workloads }) {
  const columns = COLUMNS.filter(([workload]) => workloads[workload]);
  if (columns.length === 0) return [];
  const systems = Object.keys(workloads[columns[0][0]].systems);
  const cell = (system, [workload, key]) => {
    const found = workloads[workload].systems[system]?.figures?.[key];
    return found ? figure(found[0]) : '';
  };
  return systems
    .filter((system) => columns.some((column) => cell(system, column)))
    .map((system) => row([findPeer(system).title, ...columns.map((column) => cell(system, column))]));
}

/** What only Stepwell was asked. @returns {string[]} rows */
export function ownRows({ workloads }) {
  return Object.entries(workloads).flatMap(([name, { systems }]) => {
    const others = Object.entries(systems).filter(([system, { figures }]) => system !== PRODUCT && figures);
    const { figures } = systems[PRODUCT] ?? {};
    if (others.length > 0 || !figures) return [];
    const titleOf = (key) => findWorkload(name).figures.find((one) => one.key === key)?.title ?? key;
    return Object.entries(figures).map(([key, [median, least, greatest]]) =>
      row([name, titleOf(key), figure(median), least === greatest ? '' : `${figure(least)} to ${figure(greatest)}`]),
    );
  });
}

function row(cells) {
  return `| ${cells.join(' | ')} |`;
}

/** Three digits, and no fraction of what is large. */
function figure(value) {
  const short = Number(value.toPrecision(3));
  return Math.abs(value) >= 1_000 ? short.toLocaleString('en') : String(short);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [name, run] of Object.entries(publishedRuns())) {
    const { at, commit, node, postgres, machine, reps } = run;
    const where = `${at?.slice(0, 16)}, ${commit?.slice(0, 12)}, Node ${node}, PostgreSQL ${postgres}, ${machine?.cores} cores (${machine?.cpu}), ${reps} repeats`;
    const all = [aimRows, systemRows, ownRows].map((rows) => (run.workloads ? rows(run) : [])).filter((rows) => rows.length > 0);
    process.stdout.write(`${name}: ${where}\n\n${all.map((rows) => rows.join('\n')).join('\n\n')}\n\n`);
  }
}
