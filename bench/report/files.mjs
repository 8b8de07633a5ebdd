// What a campaign leaves behind: everything as JSON, and the pictures.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BENCH_FOLDER } from '../harness/packages.mjs';
import { aboutRun, captionOf } from './about.mjs';
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
  const folder = path.join(BENCH_FOLDER, 'results');
  await mkdir(folder, { recursive: true });
  const about = await aboutRun(results, plan);
  const { measurements, failures, absent } = results;
  const json = path.join(folder, `${about.at.replaceAll(':', '-')}.json`);
  await writeFile(json, `${JSON.stringify({ ...about, measurements, failures, absent, summary }, null, 2)}\n`);
  const written = [json];
  if (plan.publish) {
    const kept = path.join(BENCH_FOLDER, 'published', `${plan.publish}.json`);
    await writeFile(kept, publishedText(about, results, summary));
    written.push(kept);
  }
  const caption = captionOf(about);
  const pictures = [
    { svg: renderChart(summary, caption), file: json.replace(/json$/, 'svg'), copy: plan.chart },
    { svg: renderCurves(summary, plan.workloads, caption), file: json.replace(/json$/, 'growth.svg'), copy: plan.curves },
  ].filter(({ svg }) => svg !== null);
  for (const { svg, file, copy } of pictures) {
    for (const place of [file, ...(copy ? [path.resolve(copy)] : [])]) {
      await writeFile(place, svg);
      written.push(place);
    }
  }
  return written;
}
