// The benchmark's own packages, the Node that measures, and the build that is measured.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const BENCH_FOLDER = path.resolve(import.meta.dirname, '..');
export const PROJECT_FOLDER = path.dirname(BENCH_FOLDER);

/** What the peers ask for, the strictest of them. */
const NODE_OF_PEERS = [22, 18];

/** The benchmark has packages of its own, so that no peer becomes a dependency of Stepwell; they are fetched when first needed. */
export function installPackages(say) {
  if (isInstalled()) return;
  say("Installing the benchmark's own packages.");
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: BENCH_FOLDER, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Builds Stepwell's server, when its sources have changed. */
export function buildStepwell() {
  execFileSync(process.execPath, ['apps/launcher/build.mjs', 'server'], { cwd: PROJECT_FOLDER, stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * The Node that runs every system, so that a figure differs only by the system: this one, or where peers refuse it the one among the
 * benchmark's packages.
 * @returns {{ program: string, version: string }}
 */
export function measuringNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_OF_PEERS[0] || (major === NODE_OF_PEERS[0] && minor >= NODE_OF_PEERS[1])) {
    return { program: process.execPath, version: process.version };
  }
  const folder = path.join(BENCH_FOLDER, 'node_modules', `node-${process.platform}-${process.arch}`);
  const program = path.join(folder, 'bin', 'node');
  if (!existsSync(program)) {
    throw new Error(`Peers need Node ${NODE_OF_PEERS.join('.')} or newer; this is ${process.version}, and npm has none for this machine.`);
  }
  return { program, version: execFileSync(program, ['--version'], { encoding: 'utf8' }).trim() };
}

/** The version of a package of the benchmark that is installed, or null. */
export function versionOf(name) {
  const file = path.join(BENCH_FOLDER, 'node_modules', name, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : null;
}

/** npm writes this list when an install is over. */
function isInstalled() {
  const [wanted, here] = ['package-lock.json', 'node_modules/.package-lock.json'].map((file) => path.join(BENCH_FOLDER, file));
  if (!existsSync(here)) return false;
  const versions = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = versions(here);
  return Object.entries(versions(wanted)).every(
    ([name, { version, optional }]) => !name || optional || installed[name]?.version === version,
  );
}
