// A picture for the README: a panel of bars for each of some figures. It follows the reader's light or dark theme.

import { ANCHOR, findPeer, PRODUCT } from '../peers/index.mjs';
import { escape, picture, shortly } from './svg.mjs';

const PANELS = [
  { workload: 'three-steps', figure: 'stepsPerSecond', title: 'Durable steps per second', better: 'more' },
  { workload: 'latency', figure: 'p50Ms', title: 'One-step run, start to durable end, ms (median)', better: 'less' },
  { workload: 'resume', figure: 'p50Ms', title: 'Waiting run, resume to durable end, ms (median)', better: 'less' },
  { workload: 'fan-out', figure: 'childrenPerSecond', title: 'Children per second, one parent waits for all', better: 'more' },
];
const [WIDTH, LEFT, RIGHT, ROW, HEAD, GAP] = [780, 230, 60, 22, 34, 18];
/**
 * @param {object[]} summary
 * @param {string} caption when, where and with what it was measured
 * @returns {string | null} SVG; null when nothing that it shows was measured
 */
export function renderChart(summary, caption) {
  let y = 0;
  const parts = PANELS.flatMap((panel) => {
    const rows = rowsOf(summary, panel);
    if (rows.length === 0) return [];
    const drawn = drawPanel(panel, rows, y);
    y += HEAD + rows.length * ROW + GAP;
    return [drawn];
  });
  if (parts.length === 0) return null;
  return picture({ width: WIDTH, height: y + 20, label: 'Stepwell beside others.', caption }, parts);
}

function rowsOf(summary, { workload, figure, better }) {
  const systems = summary.find((part) => part.workload === workload)?.systems ?? [];
  const rows = systems.filter((system) => system.figures?.[figure]?.median > 0);
  const value = (system) => system.figures[figure].median;
  return rows
    .map((system) => ({ name: system.name, title: labelOf(system, workload), value: value(system) }))
    .sort((a, b) => (better === 'more' ? b.value - a.value : a.value - b.value));
}

/** A figure for less than the others do says so. */
function labelOf({ name, title }, workload) {
  const { doesLess = {} } = findPeer(name);
  const lesser = doesLess[workload] ?? doesLess.all;
  return lesser ? `${title} (${lesser})` : title;
}

function drawPanel({ title, better }, rows, top) {
  const greatest = Math.max(...rows.map(({ value }) => value));
  const bars = rows.map(({ name, title: label, value }, index) => {
    const y = top + HEAD + index * ROW;
    const width = Math.max(1, (value / greatest) * (WIDTH - LEFT - RIGHT));
    const kind = name === PRODUCT ? 'product' : name === ANCHOR ? 'anchor' : 'other';
    return [
      `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${escape(label)}</text>`,
      `<rect class="${kind}" x="${LEFT}" y="${y + 1}" width="${width.toFixed(1)}" height="${ROW - 6}" rx="2"/>`,
      `<text x="${(LEFT + width + 6).toFixed(1)}" y="${y + 13}">${shortly(value)}</text>`,
    ].join('');
  });
  return `<text class="title" x="0" y="${top + 15}">${escape(title)}</text><text class="note" x="${WIDTH}" y="${top + 15}" text-anchor="end">${better} is better</text>
${bars.join('\n')}`;
}
