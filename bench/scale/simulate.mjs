// How many runs a second one PostgreSQL takes, what is used up first, and how many worker processes that needs: a simulation from what a run
// was measured to cost. `node bench/scale/simulate.mjs --help`.

import { parseArgs } from 'node:util';
import { COST, HERE, POINTS } from './measured.mjs';
import { simulate } from './model.mjs';

/** Above this share of what is used up first there is no room for a burst, a vacuum or a bad day. */
const SHARD_AT = 0.7;
/** A worker more that brings less than this is none that feeds. */
const NEARLY_ALL = 0.95;
const MOST_WORKERS = 1_024;
const CORES = [8, 16, 32, 64];

const HELP = `Usage: node bench/scale/simulate.mjs [options]

Simulates worker processes that feed one PostgreSQL with three-step runs, from what such a run was measured to cost,
and says what is used up first.

  --cores <list>          cores of the database, separated by commas (${CORES.join(',')})
  --wal-mb <number>       megabytes a second that the disk of the log takes (1000)
  --sync-ms <number>      one sync of that disk (0.5)
  --batch <number>        the most runs in one statement (500)
  --contention <number>   how much longer a statement takes for each other one at work (0.01; 0: not at all)
  --node-ms <number>      CPU of a worker for a run (${COST.nodeMs})
  --postgres-ms <number>  CPU of the database for a run (${COST.postgresMs})
  --statement-ms <number> CPU of the database for each statement as such (${COST.statementMs})
  --wal-bytes <number>    log written for a run (${COST.walBytes})
  --workers <number>      so many worker processes, instead of as many as it takes
  --check                 only the machine of the measurements: simulated and measured
  --tables                the tables of docs/reference/scale.md
  --help                  this text
`;

const OPTIONS = {
  cores: { type: 'string', default: CORES.join(',') },
  'wal-mb': { type: 'string', default: '1000' },
  'sync-ms': { type: 'string', default: '0.5' },
  batch: { type: 'string', default: '500' },
  contention: { type: 'string', default: '0.01' },
  'node-ms': { type: 'string', default: String(COST.nodeMs) },
  'postgres-ms': { type: 'string', default: String(COST.postgresMs) },
  'statement-ms': { type: 'string', default: String(COST.statementMs) },
  'wal-bytes': { type: 'string', default: String(COST.walBytes) },
  workers: { type: 'string' },
  check: { type: 'boolean', default: false },
  tables: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

try {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) process.stdout.write(HELP);
  else print(values);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function print(values) {
  const number = (name, least = 0) => {
    const text = values[name];
    const found = Number(text);
    if (text.trim() === '' || !Number.isFinite(found) || found < least)
      throw new Error(`--${name} wants a number of at least ${least}, not "${text}".`);
    return found;
  };
  const whole = (name, text = values[name]) => {
    const found = Number(text);
    if (!Number.isInteger(found) || found < 1 || found > MOST_WORKERS) throw new Error(`--${name} wants whole numbers from 1 to ${MOST_WORKERS}, not "${text}".`); // prettier-ignore
    return found;
  };
  const cost = {
    ...{ commits: COST.commits, nodeMs: number('node-ms'), postgresMs: number('postgres-ms') },
    ...{ statementMs: number('statement-ms'), walBytes: number('wal-bytes', 1) },
  };
  const disk = { walMbPerS: number('wal-mb', 0.001), syncMs: number('sync-ms'), contention: number('contention'), isShared: false };
  const batch = whole('batch');
  const workers = values.workers === undefined ? undefined : whole('workers');
  if (cost.nodeMs + cost.postgresMs + cost.statementMs + disk.syncMs === 0) throw new Error('A run that costs nothing has no rate.');
  const machines = values.cores.split(',').map((text) => ({ ...disk, cores: whole('cores', text) }));
  if (values.check || values.tables) say(checkTable());
  if (values.check) return;
  if (values.tables) say('');
  say(table(machines.map((machine) => rowOf(machine, cost, batch, workers))));
}

/** What is simulated beside what was measured. */
function checkTable() {
  const rows = Object.entries(POINTS).map(([workers, measured]) => {
    const { runsPerS } = simulate(HERE, COST, Number(workers), 500);
    const off = Math.round((100 * (runsPerS - measured)) / measured);
    return [workers, round(measured), round(runsPerS), `${off > 0 ? '+' : ''}${off} %`];
  });
  return lines(['worker processes', 'runs/s, measured', 'runs/s, simulated', 'off by'], rows);
}

function rowOf(machine, cost, batch, workers) {
  const found = workers === undefined ? fed(machine, cost, batch) : { workers, ...simulate(machine, cost, workers, batch) };
  const first = usedUpFirst(machine, cost, batch, found, workers !== undefined);
  return { ...found, cores: machine.cores, first, walMb: (found.runsPerS * cost.walBytes) / 1e6 };
}

/**
 * Of what twice as much helps most; of workers only where somebody has said how many there are: else there are more of them here than are
 * told, so that they keep nothing else from being of use.
 */
function usedUpFirst(machine, cost, batch, found, areWorkersGiven) {
  const workers = areWorkersGiven ? found.workers : 2 * found.workers;
  const { runsPerS } = areWorkersGiven ? found : simulate(machine, cost, workers, batch);
  const twice = {
    'CPU of the database': [{ ...machine, cores: machine.cores * 2 }, workers],
    'disk of the log': [{ ...machine, walMbPerS: machine.walMbPerS * 2 }, workers],
    'syncs of the log': [{ ...machine, syncMs: machine.syncMs / 2 }, workers],
    ...(areWorkersGiven ? { 'worker processes': [machine, workers * 2] } : {}),
  };
  const gains = Object.entries(twice).map(([what, [better, count]]) => [what, simulate(better, cost, count, batch).runsPerS / runsPerS]);
  return gains.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

/** As many workers as bring it nearly to where more bring nothing. */
function fed(machine, cost, batch) {
  const rates = new Map();
  const at = (workers) => rates.get(workers) ?? rates.set(workers, simulate(machine, cost, workers, batch)).get(workers);
  let enough = 1;
  while (enough < MOST_WORKERS && at(enough * 2).runsPerS > at(enough).runsPerS * (1 + (1 - NEARLY_ALL) / 2)) enough *= 2;
  const most = at(enough).runsPerS;
  let [few, many] = [Math.max(1, enough / 2), enough];
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2);
    if (at(middle).runsPerS >= most * NEARLY_ALL) many = middle;
    else few = middle;
  }
  const workers = at(few).runsPerS >= most * NEARLY_ALL ? few : many;
  return { workers, ...at(workers) };
}

function table(rows) {
  return lines(
    ['cores of the database', 'runs/s', 'used up first', 'its CPU', 'MB/s of log', 'worker processes', 'shard at, runs/s', 'that is a day'],
    rows.map(({ cores, runsPerS, first, cpu, workers, walMb }) => [
      ...[cores, round(runsPerS), first, `${Math.round(100 * cpu)} %`, round(walMb), workers],
      ...[round(runsPerS * SHARD_AT), `${round((runsPerS * SHARD_AT * 86_400) / 1e6)} million`],
    ]),
  );
}

function lines(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Two digits: more nobody knows. */
function round(number) {
  return Number(number.toPrecision(2)).toLocaleString('en');
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
