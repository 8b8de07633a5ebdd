// What a profile found: tables of where the time of the process and of the database went, flame graphs, and all of it as JSON, rounded.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BENCH_FOLDER } from '../harness/packages.mjs';
import { PRODUCT } from '../peers/index.mjs';
import { aboutRun, captionOf } from '../report/about.mjs';
import { renderTable } from '../report/table.mjs';
import { callTree, selfTimes } from './call-tree.mjs';
import { flameGraph } from './flame-graph.mjs';
import { summed } from './statements.mjs';

/** Of each area, those that take this part of the whole, at most so many. */
const TOLD_PART = 0.002;
const TOLD_FUNCTIONS = 8;
const TOLD_STATEMENTS = 15;

/**
 * @param {{ profiles: object[] }} results of the campaign
 * @param {object} plan
 * @returns {Promise<{ text: string, files: string[] }>} what is printed, and where it is written
 */
export async function reportProfiles(results, plan) {
  const about = await aboutRun(results, plan);
  const folder = path.join(BENCH_FOLDER, 'results');
  await mkdir(folder, { recursive: true });
  const begin = path.join(folder, about.at.replaceAll(':', '-'));
  const [told, texts, files] = [[], [], []];
  const write = async (file, text) => {
    await writeFile(file, text);
    files.push(file);
  };
  for (const { system, workload, line, units, profiles, statements } of results.profiles) {
    const title = `${plan.peers.find(({ name }) => name === system).title}, ${workload}`;
    const { unit } = plan.workloads.find(({ name }) => name === workload);
    const tree = callTree(profiles);
    const [node, database] = [selfTimes(tree), summed(statements)];
    told.push({ system, workload, units, unit, figures: line, ...inShort(node, database, units) });
    texts.push(textOf({ title, unit, units, node, database, cpuMs: line.nodeCpuMs }));
    const name = `${begin}.${workload}.${system}`;
    const graph = flameGraph(tree, { title: `${title}: Node's time at work`, caption: captionOf(about) });
    await write(`${name}.flame.svg`, graph);
    if (plan.flame && system === PRODUCT) await write(path.resolve(plan.flame), graph);
    for (const [index, profile] of profiles.entries())
      await write(`${name}${index > 0 ? `.${index + 1}` : ''}.cpuprofile`, JSON.stringify(profile));
  }
  const json = `${JSON.stringify({ ...about, profiles: told }, null, 2)}\n`;
  await write(`${begin}.profile.json`, json);
  if (plan.publish) await write(path.join(BENCH_FOLDER, 'published', `${plan.publish}.json`), json);
  return { text: texts.join('\n'), files };
}

/** What the docs tell before and after a change, per unit of work. */
function inShort(node, database, units) {
  const perUnit = (ms) => rounded((1000 * ms) / units);
  return {
    nodeUs: perUnit(node.busyMs),
    areas: node.areas.map(({ area, selfMs, share }) => ({ area, us: perUnit(selfMs), percent: rounded(100 * share) })),
    functions: functionsByArea(node).flatMap(({ functions }) =>
      functions.map(({ label, area, selfMs, share }) => ({ function: label, area, us: perUnit(selfMs), percent: rounded(100 * share) })),
    ),
    statementsUs: perUnit(database.reduce((sum, { totalMs }) => sum + totalMs, 0)),
    statements: database.slice(0, TOLD_STATEMENTS).map(({ name, calls, rows, totalMs, walBytes, pages, share }) => ({
      ...{ statement: name, us: perUnit(totalMs), percent: rounded(100 * share), calls, rows },
      ...{ walBytes: rounded(walBytes / units), pages: rounded(pages / units) },
    })),
  };
}

function functionsByArea({ areas, functions }) {
  return areas.map((area) => ({
    ...area,
    functions: functions.filter((one) => one.area === area.area && one.share >= TOLD_PART).slice(0, TOLD_FUNCTIONS),
  }));
}

/** @param about `cpuMs`: of the process, with its threads for the collector and for files; not known of all workloads */
function textOf({ title, unit, units, node, database, cpuMs }) {
  const us = (ms) => ((1000 * ms) / units).toFixed(1);
  const percent = (share) => (100 * share).toFixed(1);
  const ofNode = functionsByArea(node)
    .filter(({ selfMs }) => selfMs > 0)
    .flatMap(({ area, selfMs, share, functions }) => [
      [area, percent(share), us(selfMs), ''],
      ...functions.map((one) => ['', percent(one.share), us(one.selfMs), one.label]),
    ]);
  const ofDatabase = database
    .slice(0, TOLD_STATEMENTS)
    .map(({ name, calls, rows, totalMs, walBytes, pages, share }) => [
      ...[name, percent(share), us(totalMs), String(calls), String(rows), (totalMs / calls).toFixed(3)],
      ...[(pages / units).toFixed(1), (walBytes / units).toFixed(0)],
    ]);
  const spent = database.reduce((sum, { totalMs }) => sum + totalMs, 0);
  return [
    '',
    `${title}: ${units.toLocaleString('en')} times a ${unit}, under a profiler`,
    `Node at work: ${us(node.busyMs)} us a ${unit} in its main thread, by self time${cpuMs === undefined ? '' : `; ${(1000 * cpuMs).toFixed(1)} us of CPU in all`}`,
    ...renderTable([['area', '%', `us a ${unit}`, 'function'], ...ofNode]),
    `Statements: ${us(spent)} us a ${unit}, without the sync of their commits`,
    ...renderTable([
      ['statement', '%', `us a ${unit}`, 'calls', 'rows', 'ms a call', `pages a ${unit}`, `WAL bytes a ${unit}`],
      ...ofDatabase,
    ]),
  ].join('\n');
}

function rounded(value) {
  return Number(value.toPrecision(4));
}
