// The benchmark's front door: reads the command line, sees to packages and build, lets the campaign run, and tells what came out.

import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildStepwell, installPackages, measuringNode } from './harness/packages.mjs';
import { ANCHOR, findPeer, PEERS, PRODUCT } from './peers/index.mjs';
import { findWorkload, WORKLOADS } from './workloads/index.mjs';

const once = WORKLOADS.filter(({ repeats }) => repeats === 1)
  .map(({ name }) => name)
  .join(' and ');

/** What a profile is of, unless it is said. */
const PROFILED = 'three-steps';

const HELP = `Usage: npm run bench -- [options]

Measures Stepwell beside its peers and the bare group-commit loop: a plain program that makes every step durable before
the next one starts, and has nothing else. Installs the peers (Stepwell and the bare loop need none of that), starts
servers of its own and removes them at the end.

  --only <names>        only these workloads, separated by commas
  --peers <names>       only these systems, separated by commas
  --reps <count>        how often each measurement is repeated (3); ${once} are done once
  --quick               small and once: whether all of it works; its figures mean nothing
  --chart <file>        puts the picture of the systems there, too
  --curves <file>       puts the picture of growth there, too
  --publish <name>      keeps its figures as bench/published/<name>.json, rounded, for the docs to be checked by
  --profile             where the time goes, once, of three-step runs of Stepwell and the bare loop unless others are named: functions
                        by part of the process, statements, a flame graph, and profiles for Chrome or speedscope
  --flame <file>        puts the flame graph of Stepwell there, too
  --help                this text

Workloads:
${WORKLOADS.map(({ name, title }) => `  ${name.padEnd(17)}${title}`).join('\n')}

Systems: ${PEERS.map(({ name }) => name).join(', ')}

It ends with code 1 when a measurement has failed, or an aim is missed by far (a quick run judges none).

Ratios are what to look at: they compare neighbours of the same minute. Those by CPU time also stand other load on
the machine; those by the clock do not. Everything goes to bench/results/ as JSON.
`;

const stop = new AbortController();

try {
  const plan = readPlan();
  if (plan) {
    if (process.platform !== 'linux') throw new Error('The benchmark reads CPU time from /proc and so runs on Linux only.');
    const needsPackages = plan.peers.some((peer) => peer.package);
    if (needsPackages) installPackages(say);
    buildStepwell();
    let interruptedBy = null;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        if (!interruptedBy) say('Stopping: the servers are shut down and their folders removed.');
        interruptedBy ??= signal;
        stop.abort();
      });
    }
    const succeeded = await measure({ ...plan, node: measuringNode(needsPackages) }).catch((error) => {
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

async function measure(plan) {
  // Loaded only when there is something to measure.
  const { runCampaign } = await import('./harness/campaign.mjs');
  const begin = performance.now();
  const results = await runCampaign(plan);
  const { text, files, failed } = await (plan.isProfile ? profiled(results, plan) : compared(results, plan));
  say(text);
  if (plan.isQuick) say('\nA quick run: its figures mean nothing.');
  say(`\nWritten to ${files.map((file) => path.relative(process.cwd(), file)).join(' and ')}, after ${minutesSince(begin)} minutes.`);
  for (const { what, found } of failed) say(`Missed by far: ${what}; it is ${Number(found.toPrecision(3))}.`);
  return results.failures.length === 0 && failed.length === 0;
}

async function compared(results, plan) {
  const [{ MISSED_BY_FAR }, { summarize }, { renderTables }, { writeFiles }] = await Promise.all([
    import('./report/aims.mjs'),
    import('./report/summary.mjs'),
    import('./report/table.mjs'),
    import('./report/files.mjs'),
  ]);
  const summary = summarize(results, plan);
  const failed = plan.isQuick ? [] : summary.flatMap(({ targets }) => targets.filter(({ verdict }) => verdict === MISSED_BY_FAR));
  return { text: renderTables(summary, plan.workloads), files: await writeFiles(results, summary, plan), failed };
}

/** Its figures are those of a process that is looked at, and are judged by nothing. */
async function profiled(results, plan) {
  const { reportProfiles } = await import('./profile/report.mjs');
  return { ...(await reportProfiles(results, plan)), failed: [] };
}

function readPlan() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      peers: { type: 'string', default: '' },
      reps: { type: 'string' },
      quick: { type: 'boolean', default: false },
      chart: { type: 'string' },
      curves: { type: 'string' },
      publish: { type: 'string' },
      profile: { type: 'boolean', default: false },
      flame: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return null;
  }
  const chosen = (text, all, find) => {
    const wanted = text.split(',').filter(Boolean).map(find);
    return wanted.length > 0 ? all.filter((one) => wanted.includes(one)) : all;
  };
  const isProfile = values.profile;
  if (values.flame && !isProfile) throw new Error('--flame draws what --profile finds: give both.');
  const peers = chosen(values.peers || (isProfile ? `${ANCHOR},${PRODUCT}` : ''), PEERS, findPeer);
  if (!peers.some(({ name }) => name === ANCHOR)) say(`Without ${ANCHOR} there is no share to tell.`);
  return {
    peers,
    workloads: chosen(values.only || (isProfile ? PROFILED : ''), WORKLOADS, findWorkload),
    reps: isProfile ? 1 : wholeNumber('reps', values.reps ?? (values.quick ? '1' : '3')),
    isQuick: values.quick,
    isProfile,
    flame: values.flame ?? null,
    chart: values.chart ?? null,
    curves: values.curves ?? null,
    publish: nameToPublish(values),
    say,
    signal: stop.signal,
  };
}

function nameToPublish({ publish = null, quick }) {
  if (publish === null) return null;
  if (quick) throw new Error('The figures of a quick run mean nothing, and are not published.');
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(publish))
    throw new Error(`--publish wants a name of small letters, digits, "-" and ".", not "${publish}".`);
  return publish;
}

function wholeNumber(name, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} wants a whole number of at least 1, not "${text}".`);
  return number;
}

function minutesSince(begin) {
  return Math.round((performance.now() - begin) / 60_000);
}

function say(sentence) {
  process.stdout.write(`${sentence}\n`);
}
