/**
 * Compares the graphs of the workflows with `workflows/graph.lock.json`, or writes it (`--update`); run it in the project's folder:
 * `npm run graphs`. `npm run check` compares, so no released graph changes without a new version.
 */
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withGraphs } from '@stepwell/engine';
import { findWorkflowModules, hostedWorkflows, readGraphLock, refuseChangedGraphs, unlocked } from '@stepwell/runtime';
import { unknownWord } from './words.js';

const FILE = 'workflows/graph.lock.json';

try {
  const unknown = unknownWord(process.argv.slice(2), ['--update']);
  if (unknown !== undefined) throw new Error(unknown);
  const { catalog } = hostedWorkflows(await findWorkflowModules(join(process.cwd(), 'workflows'), undefined, 'ts'));
  const lock = readGraphLock(FILE);
  if (process.argv.includes('--update')) {
    const graphs = catalog.all().map(({ graph }) => graph);
    writeFileSync(FILE, `${JSON.stringify(withGraphs(lock, graphs), null, 2)}\n`);
  } else {
    refuseChangedGraphs(lock, catalog);
    const fresh = unlocked(lock, catalog).map(({ needs }) => needs);
    if (fresh.length > 0) throw new Error(`${FILE} has not ${fresh.join(' and ')}. Write it anew: npm run graphs -- --update`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
