// The benchmark's front door: reads the command line, sees to the packages, and lets the campaign run.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ANCHOR, SYSTEMS, WORKLOADS } from './harness/systems.mjs';

const BENCH_FOLDER = import.meta.dirname;
const NAMES = { systems: SYSTEMS.map((system) => system.name), workloads: Object.keys(WORKLOADS) };

const HELP = `Usage: npm run bench -- [options]

Measures Stepwell beside DBOS and the bare group-commit loop: the least a program must do to make every step
durable before the next one starts. Starts a Postgres of its own and removes it at the end.

  --reps <count>        how often each measurement is repeated (3)
  --only <names>        only these systems and workloads, separated by commas
                        systems: ${NAMES.systems.join(', ')}; workloads: ${NAMES.workloads.join(', ')}
  --n <runs>            runs per measurement of W1 (20000)
  --n-latency <runs>    runs per measurement of W2 and W3 (500)
  --in-flight <runs>    runs started and not yet ended in W1 (2000)
  --help                this text

${Object.entries(WORKLOADS)
  .map(([name, meaning]) => `  ${name}  ${meaning}`)
  .join('\n')}

The share of the bare loop is the figure to look at: it compares neighbours of the same minute. By CPU time it
also stands other load on the machine; wall-clock figures do not. Results go to bench/results/ as JSON.
`;

const stop = new AbortController();

try {
  const plan = readPlan();
  if (plan) {
    if (process.platform !== 'linux') throw new Error('The benchmark reads CPU time from /proc and so runs on Linux only.');
    installPackages();
    let interruptedBy = null;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        if (!interruptedBy) say('Stopping: the server is shut down and its folder removed.');
        interruptedBy ??= signal;
        stop.abort();
      });
    }
    const { runCampaign } = await import('./harness/campaign.mjs');
    const succeeded = await runCampaign(plan).catch((error) => {
      if (interruptedBy) return false;
      throw error;
    });
    if (interruptedBy) process.exitCode = interruptedBy === 'SIGINT' ? 130 : 143;
    else if (!succeeded) process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function readPlan() {
  const { values } = parseArgs({
    options: {
      reps: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      n: { type: 'string', default: '20000' },
      'n-latency': { type: 'string', default: '500' },
      'in-flight': { type: 'string', default: '2000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return null;
  }
  const only = values.only.split(',').filter(Boolean);
  const unknown = only.filter((name) => !NAMES.systems.includes(name) && !NAMES.workloads.includes(name));
  if (unknown.length > 0) {
    throw new Error(`--only does not know ${unknown.join(', ')}; it knows ${[...NAMES.systems, ...NAMES.workloads].join(', ')}.`);
  }
  const chosen = (names) => (names.some((name) => only.includes(name)) ? names.filter((name) => only.includes(name)) : names);
  const systems = chosen(NAMES.systems);
  if (!systems.includes(ANCHOR)) say(`Without ${ANCHOR} there is no share to tell.`);
  return {
    systems,
    workloads: chosen(NAMES.workloads),
    reps: positive('reps', values.reps),
    n: { W1: positive('n', values.n), W2: positive('n-latency', values['n-latency']), W3: positive('n-latency', values['n-latency']) },
    inFlight: positive('in-flight', values['in-flight']),
    projectFolder: path.dirname(BENCH_FOLDER),
    resultsFolder: path.join(BENCH_FOLDER, 'results'),
    say,
    signal: stop.signal,
  };
}

function positive(name, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} wants a whole number of at least 1, not "${text}".`);
  return number;
}

/** The benchmark has packages of its own, so that no peer becomes a dependency of Stepwell; they are fetched when first needed. */
function installPackages() {
  if (existsSync(path.join(BENCH_FOLDER, 'node_modules', '@dbos-inc', 'dbos-sdk'))) return;
  say("Installing the benchmark's own packages.");
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: BENCH_FOLDER, stdio: ['ignore', 'ignore', 'inherit'] });
}

function say(sentence) {
  process.stdout.write(`${sentence}\n`);
}
