// A flame graph: who is called stands on who calls, as wide as it took time, in the colour of the part of the process that it belongs to. It
// follows the reader's light or dark theme; what a frame is and took is told by its title, under the mouse.

import { escape } from '../report/svg.mjs';
import { AREAS } from './areas.mjs';

const [WIDTH, ROW, HEAD, FOOT, LEGEND] = [1_200, 17, 28, 24, 92];
/** What is narrower, in pixels, is left out with all that stands on it. */
const NARROWEST = 1.5;
const LETTER = 6.7;
const COLOURS = {
  engine: ['#6cb2ff', '#1f5fa8'],
  storage: ['#ffb86b', '#9a5b12'],
  driver: ['#ffd98a', '#7d6420'],
  packages: ['#d3b9f5', '#5f4290'],
  workload: ['#c9d1d9', '#444c56'],
  collector: ['#ff9a94', '#9c3631'],
  node: ['#9edfb0', '#2d6b40'],
};

/**
 * @param {import('./call-tree.mjs').Call} root
 * @param {{ title: string, caption: string }} about `caption`: when, where and with what it was measured
 * @returns {string} SVG
 */
export function flameGraph(root, { title, caption }) {
  const frames = [];
  const scale = WIDTH / root.totalMs;
  const place = (call, x, depth) => {
    const width = call.totalMs * scale;
    if (width < NARROWEST) return;
    frames.push({ call, x, width, depth });
    let next = x;
    for (const one of [...call.calls.values()].sort((a, b) => b.totalMs - a.totalMs)) {
      place(one, next, depth + 1);
      next += one.totalMs * scale;
    }
  };
  place(root, 0, 0);
  const deepest = Math.max(...frames.map(({ depth }) => depth));
  const height = HEAD + (deepest + 1) * ROW + FOOT;
  const drawn = frames.map(({ call, x, width, depth }) => {
    const y = HEAD + (deepest - depth) * ROW;
    const share = `${((100 * call.totalMs) / root.totalMs).toFixed(1)} %, ${call.totalMs.toFixed(0)} ms`;
    const room = Math.floor((width - 4) / LETTER);
    const text = room < 3 ? '' : `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escape(call.label.slice(0, room))}</text>`;
    return `<g><title>${escape(`${call.label} (${share})`)}</title><rect class="${call.area}" x="${x.toFixed(1)}" y="${y}" width="${Math.max(0.5, width - 0.5).toFixed(1)}" height="${ROW - 1}"/>${text}</g>`;
  });
  const legend = AREAS.map((area, index) => {
    const x = WIDTH - (AREAS.length - index) * LEGEND;
    return `<rect class="${area}" x="${x}" y="6" width="11" height="11"/><text x="${x + 15}" y="16">${area}</text>`;
  });
  const rules = (theme) => AREAS.map((area) => `.${area} { fill: ${COLOURS[area][theme]} }`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(`${title}. ${caption}`)}">
<style>text { font: 11px ui-monospace, monospace; fill: #1f2328 } .head { font-weight: 600 } .note { fill: #59636e } ${rules(0)}
  @media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .note { fill: #9198a1 } ${rules(1)} }</style>
<text class="head" x="0" y="16">${escape(title)}</text>
${legend.join('')}
${drawn.join('\n')}
<text class="note" x="0" y="${height - 8}">${escape(caption)}</text>
</svg>
`;
}
