// What a campaign leaves behind: everything as JSON, and the pictures.

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { BENCH_FOLDER, PROJECT_FOLDER } from '../harness/packages.mjs';
import { renderChart } from './chart.mjs';
import { renderCurves } from './curves.mjs';
import { publishedText } from './published.mjs';

/**
 * @param {object} results of the campaign
 * @param {object[]} summary of them
 * @param {{ reps: number, isQuick: boolean, workloads: object[], node: { version: string }, chart: string | null, curves: string | null,
 *   publish: string | null }} plan `chart`, `curves`: where else to put the pictures; `publish`: under which name it is kept
 * @returns {Promise<string[]>} the files
 */
export async function writeFiles(results, summary, plan) {
  const at = new Date().toISOString();
  const folder = path.join(BENCH_FOLDER, 'results');
  await mkdir(folder, { recursive: true });
  const machine = {
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    os: `${os.type()} ${os.release()}`,
  };
  const describe = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  const commit = await promisify(execFile)('git', describe, { cwd: PROJECT_FOLDER }).then(
    ({ stdout }) => stdout.trim(),
    () => null, // not a git checkout, or no git: the figures are as good
  );
  const { node, reps, isQuick } = plan;
  const json = path.join(folder, `${at.replaceAll(':', '-')}.json`);
  const about = { at, commit, machine, node: node.version, postgres: results.postgres, versions: results.versions, reps, isQuick };
  await writeFile(json, `${JSON.stringify({ ...about, ...results, summary }, null, 2)}\n`);
  const caption = `${at.slice(0, 10)}, ${machine.cores} cores (${machine.cpu.trim()}), PostgreSQL ${results.postgres}, Node ${node.version.slice(1)}, fsync on; medians of ${reps}${isQuick ? '; a quick run, whose figures mean nothing' : ''}`;
  const pictures = [
    { svg: renderChart(summary, caption), file: json.replace(/json$/, 'svg'), copy: plan.chart },
    { svg: renderCurves(summary, plan.workloads, caption), file: json.replace(/json$/, 'growth.svg'), copy: plan.curves },
  ].filter(({ svg }) => svg !== null);
  const written = [json];
  if (plan.publish) {
    const kept = path.join(BENCH_FOLDER, 'published', `${plan.publish}.json`);
    await writeFile(kept, publishedText(about, results, summary));
    written.push(kept);
  }
  for (const { svg, file, copy } of pictures) {
    for (const place of [file, ...(copy ? [path.resolve(copy)] : [])]) {
      await writeFile(place, svg);
      written.push(place);
    }
  }
  return written;
}
