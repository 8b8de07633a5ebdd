// Samples of V8's profiler, put together: by whom a function was called and for how long, of all profiles of one measurement.

import { areaOf, AREAS, labelOf } from './areas.mjs';
import { SAMPLE_EVERY_US } from './profiler.mjs';

/** Between two samples that are farther apart the process did not get a core; no function is to blame for that. */
const LONGEST_SAMPLE_US = 4 * SAMPLE_EVERY_US;

/**
 * @typedef {object} Call a function, called by those above it
 * @property {string} label
 * @property {string} area
 * @property {number} selfMs without those that it calls
 * @property {number} totalMs
 * @property {Map<string, Call>} calls
 */

/**
 * @param {{ nodes: object[], samples: number[], timeDeltas: number[] }[]} profiles as V8 gives them
 * @returns {Call} of everything; time in which nothing was done is left out
 */
export function callTree(profiles) {
  const root = newCall('all', 'node');
  for (const { nodes, samples, timeDeltas } of profiles) {
    const self = new Map();
    // A delta is the time since the sample before; so what was seen then has lasted until now.
    for (let i = 0; i + 1 < samples.length; i++) {
      const us = Math.min(LONGEST_SAMPLE_US, Math.max(0, timeDeltas[i + 1]));
      self.set(samples[i], (self.get(samples[i]) ?? 0) + us / 1000);
    }
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const add = (id, into) => {
      const node = byId.get(id);
      const area = areaOf(node.callFrame);
      if (area === null) return 0;
      const isTop = node.callFrame.functionName === '(root)';
      const call = isTop ? into : childOf(into, labelOf(node.callFrame), area);
      const own = self.get(id) ?? 0;
      const below = (node.children ?? []).reduce((sum, child) => sum + add(child, call), 0);
      if (!isTop) call.selfMs += own;
      call.totalMs += isTop ? below : own + below;
      return own + below;
    };
    add(nodes[0].id, root);
  }
  return root;
}

/** @returns {{ busyMs: number, areas: { area: string, selfMs: number, share: number }[], functions: { label: string, area: string, selfMs: number, share: number }[] }} the dearest first */
export function selfTimes(root) {
  const functions = new Map();
  const areas = new Map(AREAS.map((area) => [area, 0]));
  const visit = ({ label, area, selfMs, calls }) => {
    areas.set(area, areas.get(area) + selfMs);
    const key = `${area} ${label}`;
    const one = functions.get(key) ?? { label, area, selfMs: 0 };
    one.selfMs += selfMs;
    functions.set(key, one);
    for (const call of calls.values()) visit(call);
  };
  for (const call of root.calls.values()) visit(call);
  const busyMs = root.totalMs;
  const withShare = (one) => ({ ...one, share: busyMs > 0 ? one.selfMs / busyMs : 0 });
  const dearest = (a, b) => b.selfMs - a.selfMs;
  return {
    busyMs,
    areas: [...areas].map(([area, selfMs]) => withShare({ area, selfMs })).sort(dearest),
    functions: [...functions.values()].map(withShare).sort(dearest),
  };
}

function childOf({ calls }, label, area) {
  const key = `${area} ${label}`;
  if (!calls.has(key)) calls.set(key, newCall(label, area));
  return calls.get(key);
}

function newCall(label, area) {
  return { label, area, selfMs: 0, totalMs: 0, calls: new Map() };
}
