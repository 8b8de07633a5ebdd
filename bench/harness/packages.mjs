// The benchmark's own packages, the Node that measures, and the build that is measured.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const BENCH_FOLDER = path.resolve(import.meta.dirname, '..');
export const PROJECT_FOLDER = path.dirname(BENCH_FOLDER);

/** What the peers ask for, the strictest of them. */
const NODE_OF_PEERS = [22, 18];

/**
 * The benchmark has packages of its own, so that no peer becomes a dependency of Stepwell; they are fetched when first needed. Where they cannot be
 * had, what needs none of them is measured all the same.
 */
export function installPackages(say) {
  const lock = readFileSync(path.join(BENCH_FOLDER, 'package-lock.json'), 'utf8');
  const stamp = path.join(BENCH_FOLDER, 'node_modules', '.installed-lock.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say("Installing the benchmark's own packages.");
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: BENCH_FOLDER,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    say('The packages of the peers could not be installed: only what needs none of them is measured.');
    return;
  }
  writeFileSync(stamp, lock);
}

/** Builds Stepwell's server, when its sources have changed. */
export function buildStepwell() {
  execFileSync(process.execPath, ['apps/launcher/build.mjs', 'server'], { cwd: PROJECT_FOLDER, stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * The Node that runs every system, so that a figure differs only by the system: this one, or where peers refuse it the one among the
 * benchmark's packages.
 * @param {boolean} needsPackages whether there are peers among the systems
 * @returns {{ program: string, version: string }}
 */
export function measuringNode(needsPackages) {
  const own = { program: process.execPath, version: process.version };
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (!needsPackages || major > NODE_OF_PEERS[0] || (major === NODE_OF_PEERS[0] && minor >= NODE_OF_PEERS[1])) return own;
  const folder = path.join(BENCH_FOLDER, 'node_modules', `node-${process.platform}-${process.arch}`);
  const program = path.join(folder, 'bin', 'node');
  // Nothing could be installed: no peer is measured.
  if (!existsSync(path.join(BENCH_FOLDER, 'node_modules', 'pg'))) return own;
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
