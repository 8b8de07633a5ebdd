// One benchmark: a server of its own, the systems by turns, a table and a file at the end.
//
// The systems alternate within each repeat rather than run one after the other, so that a slow minute of the machine hits all of them, and a
// share is taken between neighbours of one repeat. Each measurement has a fresh process and a fresh database.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { runScript } from './child.mjs';
import { EmbeddedServer } from './embedded-server.mjs';
import { renderSummary, summarize } from './summary.mjs';
import { SYSTEMS } from './systems.mjs';

/**
 * @param {{ systems: string[], workloads: string[], reps: number, n: Record<string, number>, inFlight: number, projectFolder: string,
 *   resultsFolder: string, say: (sentence: string) => void, signal: AbortSignal }} plan
 * @returns {Promise<boolean>} whether every measurement succeeded
 */
export async function runCampaign(plan) {
  const { say, signal } = plan;
  const systems = SYSTEMS.filter((system) => {
    if (!plan.systems.includes(system.name)) return false;
    if (existsSync(system.script)) return true;
    say(`${system.name} is left out: ${path.relative(plan.projectFolder, system.script)} does not exist yet.`);
    return false;
  });
  if (systems.length === 0) {
    say('Nothing to measure.');
    return true;
  }

  const server = await EmbeddedServer.start({ projectFolder: plan.projectFolder, say });
  try {
    say(`PostgreSQL ${server.version} on its own port, fsync on; Node ${process.version}; ${os.availableParallelism()} cores.`);
    for (const system of systems) {
      if (system.check) say((await inFreshDatabase(server, (url) => runScript(system.check, [`--database-url=${url}`], signal))).trim());
    }
    const { measurements, failures } = await measureByTurns(server, systems, plan);
    const summary = summarize(measurements);
    say(renderSummary(summary));
    const file = await writeResults(plan, server, { measurements, failures, summary });
    say(`Written to ${path.relative(process.cwd(), file)}`);
    return failures.length === 0;
  } finally {
    await server.stop();
  }
}

async function measureByTurns(server, systems, plan) {
  const measurements = [];
  const failures = [];
  for (let rep = 1; rep <= plan.reps; rep++) {
    for (const workload of plan.workloads) {
      for (const system of systems) {
        plan.signal.throwIfAborted();
        const args = [
          `--postmaster-pid=${server.postmasterPid}`,
          `--workload=${workload}`,
          `--n=${Math.min(plan.n[workload], system.atMost?.[workload] ?? Infinity)}`,
          `--in-flight=${plan.inFlight}`,
        ];
        try {
          const output = await inFreshDatabase(server, (url) => runScript(system.script, [`--database-url=${url}`, ...args], plan.signal));
          const line = { rep, ...JSON.parse(output) };
          measurements.push(line);
          plan.say(JSON.stringify(line));
        } catch (error) {
          if (plan.signal.aborted) throw error;
          failures.push({ rep, workload, system: system.name, message: error.message });
          plan.say(`${system.name} ${workload}, repeat ${rep}, failed: ${error.message}`);
        }
      }
    }
  }
  return { measurements, failures };
}

async function inFreshDatabase(server, use) {
  await server.createDatabase('measured');
  try {
    return await use(server.url('measured'));
  } finally {
    await server.dropDatabase('measured');
  }
}

async function writeResults(plan, server, content) {
  await mkdir(plan.resultsFolder, { recursive: true });
  const at = new Date().toISOString();
  const file = path.join(plan.resultsFolder, `${at.replaceAll(':', '-')}.json`);
  const machine = {
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    os: `${os.type()} ${os.release()}`,
  };
  const commit = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: plan.projectFolder }).then(
    ({ stdout }) => stdout.trim(),
    () => null, // not a git checkout, or no git: the figures are as good
  );
  const report = { at, commit, machine, node: process.version, postgres: server.version, reps: plan.reps, ...content };
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}
