// The picture of how cost grows: a row of panels for each curve, a panel for each measure, from zero, so that a cliff would be one. Where points
// were measured in several states, each has a line, and only the first one has its values beside it; those of the others are under the mouse.

import { PRODUCT } from '../peers/index.mjs';
import { keyOf, MEASURES } from '../workloads/growth.mjs';
import { escape, picture, shortly } from './svg.mjs';

const [WIDTH, HEAD, GAP] = [860, 44, 24];
const PANEL = { width: 270, height: 110, left: 4, right: 30, apart: 25, top: 20, below: 20 };
/** By the state in which a point was measured. */
const DASHES = {
  '': { dashes: '', words: '' },
  Fresh: { dashes: '6 4', words: ' (dashed)' },
  Queued: { dashes: '2 3', words: ' (dotted)' },
};
const AXES = { runsPerSecond: 'runs per second', cpuMs: 'CPU ms a run', walBytes: 'WAL kB a run' };

/**
 * @param {object[]} summary
 * @param {{ name: string, title: string, curve?: { axis: string, points: number[], states: { key: string, title: string }[] } }[]} workloads
 * @param {string} caption when, where and with what it was measured
 * @returns {string | null} SVG; null when no curve was measured
 */
export function renderCurves(summary, workloads, caption) {
  let y = 0;
  const parts = workloads.flatMap(({ name, title, curve }) => {
    const figures = summary.find((part) => part.workload === name)?.systems.find((system) => system.name === PRODUCT)?.figures;
    if (!curve || !figures) return [];
    const lines = curve.states.map((state) => `${state.title}${DASHES[state.key].words}`).filter(Boolean);
    const note = [`${curve.axis} across`, ...lines].join('; ');
    const head = `<text class="title" x="0" y="${y + 15}">${escape(title)}</text><text class="note" x="0" y="${y + 31}">${escape(note)}</text>`;
    const panels = MEASURES.map(
      ({ key }, index) =>
      drawPanel(key, curve.states.map((state) => ({ state, points: pointsOf(figures, key, state, curve.points) })), index * (PANEL.width + PANEL.apart), y + HEAD), // prettier-ignore
    );
    y += HEAD + PANEL.top + PANEL.height + PANEL.below + GAP;
    return [head, ...panels];
  });
  return parts.length === 0 ? null : picture({ width: WIDTH, height: y + 20, label: 'How the cost of a run grows.', caption }, parts);
}

function pointsOf(figures, measure, state, points) {
  return points.flatMap((point, place) => {
    const median = figures[keyOf(measure, point, state.key)]?.median;
    return median === undefined ? [] : [{ point, place, value: measure === 'walBytes' ? median / 1000 : median }];
  });
}

/** Points are as far from each other, whatever they are: each is some times the one before. */
function drawPanel(measure, lines, x, top) {
  const all = lines.flatMap(({ points }) => points);
  const greatest = Math.max(...all.map(({ value }) => value));
  const last = Math.max(1, ...all.map(({ place }) => place));
  const bottom = top + PANEL.top + PANEL.height;
  const xOf = (place) => (x + PANEL.left + 20 + (place * (PANEL.width - PANEL.left - PANEL.right - 20)) / last).toFixed(1);
  const yOf = (value, above = 0) => (bottom - (value / greatest) * (PANEL.height - 14) - above).toFixed(1);
  const drawn = lines.map(({ state, points }, index) => {
    const { dashes } = DASHES[state.key];
    const line = `<polyline class="line" points="${points.map(({ place, value }) => `${xOf(place)},${yOf(value)}`).join(' ')}"${dashes ? ` stroke-dasharray="${dashes}"` : ''}/>`;
    const marks = points.map(({ point, place, value }) => {
      const title = `<title>${escape([words(point), state.title, shortly(value)].filter(Boolean).join(': '))}</title>`;
      const circle = `<circle class="product" cx="${xOf(place)}" cy="${yOf(value)}" r="${index === 0 ? 3 : 2}">${title}</circle>`;
      const text =
        index === 0 ? `<text class="note" x="${xOf(place)}" y="${yOf(value, 8)}" text-anchor="middle">${shortly(value)}</text>` : '';
      return `${circle}${text}`;
    });
    return [line, ...marks].join('\n');
  });
  const places = new Map(all.map(({ place, point }) => [place, point]));
  const ticks = [...places].map(
    ([place, point]) => `<text class="note" x="${xOf(place)}" y="${bottom + 15}" text-anchor="middle">${words(point)}</text>`,
  );
  return `<text class="note" x="${x}" y="${top + 4}">${AXES[measure]}</text><line class="axis" x1="${x}" y1="${bottom}" x2="${x + PANEL.width}" y2="${bottom}"/>
${[...drawn, ...ticks].join('\n')}`;
}

function words(point) {
  return point >= 1_000_000 ? `${point / 1_000_000} M` : point.toLocaleString('en');
}
