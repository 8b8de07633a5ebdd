// One benchmark: servers of its own, the systems by turns, a table and files at the end.
//
// The systems alternate within each repeat rather than run one after the other, so that a slow minute of the machine hits all of them, and a
// ratio is taken between neighbours of one repeat. Every other repeat goes the other way round: who always comes behind the same neighbour has
// its heat and its write-back each time. Each measurement has a fresh process, a fresh database and fresh servers beside it.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runScript } from './child.mjs';
import { EmbeddedServer } from './embedded-server.mjs';
import { PROJECT_FOLDER, versionOf } from './packages.mjs';
import { besideService, SERVICES } from './services.mjs';

const MEASURE = fileURLToPath(new URL('measure.mjs', import.meta.url));
/** No measurement takes a tenth of this, unless its workload says so. */
const PATIENCE_MINUTES = 10;

/** For a profile: the server counts what each statement takes. */
const COUNTING = { shared_preload_libraries: 'pg_stat_statements' };

/**
 * @param {{ peers: object[], workloads: object[], reps: number, isQuick: boolean, isProfile: boolean, node: { program: string, version: string },
 *   say: (sentence: string) => void, signal: AbortSignal }} plan
 * @returns {Promise<{ measurements: object[], failures: object[], absent: { system: string, reason: string }[], profiles: object[], versions: object,
 *   postgres: string }>} `absent`: systems that cannot be run here; `profiles`: what profile/profiler.mjs found, with `system` and `workload`
 */
export async function runCampaign(plan) {
  const { say, signal } = plan;
  const absent = plan.peers.flatMap((peer) => {
    const reason = missing(peer);
    if (reason) say(`${peer.title} is not measured: ${reason}.`);
    return reason ? [{ system: peer.name, reason }] : [];
  });
  const peers = plan.peers.filter(({ name }) => !absent.some(({ system }) => system === name));
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stepwell-peers-'));
  const server = await EmbeddedServer.start({ projectFolder: PROJECT_FOLDER, settings: plan.isProfile ? COUNTING : {}, say });
  try {
    say(`PostgreSQL ${server.version} on its own port, fsync on; Node ${plan.node.version}; ${os.availableParallelism()} cores.`);
    for (const { check } of peers)
      if (check) say((await inFreshDatabase(server, (url) => run(plan, check, [`--database-url=${url}`]))).trim());
    const { measurements, failures, profiles } = await measureByTurns(server, folder, peers, plan);
    const versions = Object.fromEntries(peers.flatMap((peer) => (peer.package ? [[peer.name, versionOf(peer.package)]] : [])));
    return { measurements, failures, absent, profiles, versions, postgres: server.version };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
    signal.throwIfAborted();
  }
}

async function measureByTurns(server, folder, peers, plan) {
  const measurements = [];
  const failures = [];
  const profiles = [];
  const profile = plan.isProfile ? path.join(folder, 'profile.json') : null;
  for (let rep = 1; rep <= plan.reps; rep++) {
    for (const workload of plan.workloads) {
      if (rep > (workload.repeats ?? Infinity)) continue;
      for (const peer of rep % 2 ? peers : [...peers].reverse()) {
        plan.signal.throwIfAborted();
        if (peer.cannot[workload.needs]) continue;
        try {
          const line = { rep, ...(await measureOne(server, folder, peer, workload, { ...plan, profile })) };
          measurements.push(line);
          if (profile) profiles.push({ system: peer.name, workload: workload.name, line, ...JSON.parse(await readFile(profile, 'utf8')) });
          plan.say(JSON.stringify({ ...line, questions: undefined }));
        } catch (error) {
          if (plan.signal.aborted) throw error;
          failures.push({ rep, workload: workload.name, system: peer.name, message: error.message });
          plan.say(`${peer.name} ${workload.name}, repeat ${rep}, failed: ${error.message}`);
        }
      }
    }
  }
  return { measurements, failures, profiles };
}

/** What measures its points apart, each beside nothing that another one left, is put together here. */
async function measureOne(server, folder, peer, workload, plan) {
  const lines = [];
  for (const part of workload.partsOf?.(plan.isQuick) ?? [null])
    lines.push(lineOf(await measurePart(server, folder, peer, workload, plan, part)));
  if (lines.length === 1) return lines[0];
  return Object.assign({}, ...lines, { otherLoadPercent: Math.max(...lines.map(({ otherLoadPercent }) => otherLoadPercent)) });
}

function measurePart(server, folder, peer, workload, plan, part) {
  const n = Math.min(plan.isQuick ? workload.sizes.quick : workload.sizes.full, peer.atMost?.[workload.name] ?? Infinity);
  const args = [`--system=${peer.name}`, `--workload=${workload.name}`, `--n=${n}`, `--postmaster-pid=${server.postmasterPid}`];
  if (part !== null) args.push(`--part=${part}`);
  if (plan.isQuick) args.push('--quick');
  if (plan.profile) args.push(`--profile=${plan.profile}`);
  return inFreshDatabase(server, (url) =>
    besideService(peer.service, folder, plan.signal, (ofService) =>
      run(plan, MEASURE, [...args, `--database-url=${url}`, ...ofService], workload.patienceMinutes, peer.flags),
    ),
  );
}

/** The last line of JSON: libraries may print lines of their own. */
function lineOf(output) {
  const line = output.split('\n').findLast((text) => text.startsWith('{'));
  if (!line) throw new Error(`The measurement printed no figures: ${output}`);
  return JSON.parse(line);
}

/** Why a system cannot be run here, or null. */
function missing(peer) {
  if (peer.package && versionOf(peer.package) === null) return `the package ${peer.package} could not be installed here`;
  return (peer.service && SERVICES[peer.service].missing()) || (peer.missing?.() ?? null);
}

function run(plan, script, args, patienceMinutes = PATIENCE_MINUTES, flags = []) {
  return runScript(script instanceof URL ? fileURLToPath(script) : script, args, {
    node: plan.node.program,
    flags,
    signal: plan.signal,
    patienceMinutes,
  });
}

async function inFreshDatabase(server, use) {
  await server.createDatabase('measured');
  try {
    return await use(server.url('measured'));
  } finally {
    await server.dropDatabase('measured');
  }
}
