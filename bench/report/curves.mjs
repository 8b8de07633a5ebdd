// The picture of how cost grows: a row of panels for each curve, a panel for each measure, from zero, so that a cliff would be one.

import { PRODUCT } from '../peers/index.mjs';
import { keyOf, MEASURES } from '../workloads/growth.mjs';
import { escape, picture, shortly } from './svg.mjs';

const [WIDTH, HEAD, GAP] = [860, 44, 24];
const PANEL = { width: 270, height: 110, left: 4, right: 30, apart: 25, top: 20, below: 20 };
const AXES = { runsPerSecond: 'runs per second', cpuMs: 'CPU ms a run', walBytes: 'WAL kB a run' };

/**
 * @param {object[]} summary
 * @param {{ name: string, title: string, curve?: { axis: string, points: number[] } }[]} workloads
 * @param {string} caption when, where and with what it was measured
 * @returns {string | null} SVG; null when no curve was measured
 */
export function renderCurves(summary, workloads, caption) {
  let y = 0;
  const parts = workloads.flatMap(({ name, title, curve }) => {
    const figures = summary.find((part) => part.workload === name)?.systems.find((system) => system.name === PRODUCT)?.figures;
    if (!curve || !figures) return [];
    const head = `<text class="title" x="0" y="${y + 15}">${escape(title)}</text><text class="note" x="0" y="${y + 31}">${escape(curve.axis)} across</text>`;
    const panels = MEASURES.map(({ key }, index) =>
      drawPanel(key, pointsOf(figures, key, curve.points), index * (PANEL.width + PANEL.apart), y + HEAD),
    );
    y += HEAD + PANEL.top + PANEL.height + PANEL.below + GAP;
    return [head, ...panels];
  });
  return parts.length === 0 ? null : picture({ width: WIDTH, height: y + 20, label: 'How the cost of a run grows.', caption }, parts);
}

function pointsOf(figures, measure, points) {
  return points.flatMap((point) => {
    const median = figures[keyOf(measure, point)]?.median;
    return median === undefined ? [] : [{ point, value: measure === 'walBytes' ? median / 1000 : median }];
  });
}

/** Points are as far from each other, whatever they are: each is some times the one before. */
function drawPanel(measure, points, x, top) {
  const greatest = Math.max(...points.map(({ value }) => value));
  const bottom = top + PANEL.top + PANEL.height;
  const placeOf = ({ value }, index) => [
    x + PANEL.left + 20 + (index * (PANEL.width - PANEL.left - PANEL.right - 20)) / Math.max(1, points.length - 1),
    bottom - (value / greatest) * (PANEL.height - 14),
  ];
  const places = points.map(placeOf);
  const line = places.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
  const marks = points.map(({ point, value }, index) => {
    const [px, py] = places[index].map((place) => place.toFixed(1));
    const words = point >= 1_000_000 ? `${point / 1_000_000} M` : point.toLocaleString('en');
    return `<circle class="product" cx="${px}" cy="${py}" r="3"/><text class="note" x="${px}" y="${(py - 8).toFixed(1)}" text-anchor="middle">${shortly(value)}</text><text class="note" x="${px}" y="${bottom + 15}" text-anchor="middle">${words}</text>`;
  });
  return `<text class="note" x="${x}" y="${top + 4}">${AXES[measure]}</text><line class="axis" x1="${x}" y1="${bottom}" x2="${x + PANEL.width}" y2="${bottom}"/><polyline class="line" points="${line}"/>
${marks.join('\n')}`;
}
