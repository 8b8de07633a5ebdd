// To which part of a process a function belongs.

import { pathToFileURL } from 'node:url';
import { PROJECT_FOLDER } from '../harness/packages.mjs';

const PROJECT_URL = `${pathToFileURL(PROJECT_FOLDER).href}/`;

/** In the order in which they are told. */
export const AREAS = ['engine', 'storage', 'driver', 'packages', 'workload', 'collector', 'node'];

const DRIVER = /^node_modules\/(pg|pg-[a-z]+|postgres-[a-z]+|pgpass)\//;
const PACKAGE = /(^|\/)node_modules\//;
const STORAGE = /^(dist\/libs\/(storage|postgres)\/|bench\/bare-loop\/(claim|flush|resume|start|children|schema)\.mjs)/;
const ENGINE = /^(dist\/(libs|apps)\/|bench\/bare-loop\/)/;

/**
 * @param {{ functionName: string, url: string }} frame as V8 tells it
 * @returns {string | null} one of AREAS; null while nothing is done
 */
export function areaOf({ functionName, url }) {
  if (functionName === '(idle)') return null;
  if (functionName === '(garbage collector)') return 'collector';
  const place = placeOf(url);
  if (DRIVER.test(place.replace(/^bench\//, ''))) return 'driver';
  if (PACKAGE.test(place)) return 'packages';
  if (STORAGE.test(place)) return 'storage';
  if (ENGINE.test(place)) return 'engine';
  // V8's own functions and what it is called from have no place; Node's are at `node:`.
  return place.startsWith('bench/') ? 'workload' : 'node';
}

/** Where a function stands, in the project. */
export function placeOf(url) {
  if (url.startsWith(PROJECT_URL)) return url.slice(PROJECT_URL.length);
  return url.startsWith(PROJECT_FOLDER) ? url.slice(PROJECT_FOLDER.length + 1) : url;
}

/** As a table and a flame graph name it: `journalRow libs/runtime/worker/run-commit.js`. */
export function labelOf({ functionName, url, lineNumber }) {
  const name = functionName || 'anonymous';
  if (!url) return name;
  const place = placeOf(url).replace(/^dist\//, '').replace(/^(bench\/)?node_modules\//, ''); // prettier-ignore
  return functionName ? `${name} ${place}` : `${name} ${place}:${lineNumber + 1}`;
}
