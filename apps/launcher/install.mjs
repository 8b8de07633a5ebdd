// Whether node_modules is what package-lock.json says is read from npm's own record of what it installed, so an install by hand, by
// another tool version or from a cache counts as well, and an interrupted one (no record yet) does not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stage } from './progress.mjs';
import { lastLines, root, runProgram } from './run-program.mjs';
import { StartError } from './start-error.mjs';

export async function ensureInstalled() {
  if (isInstalled(root)) return;
  await stage('Installing packages', npmCi, { hint: 'about a minute the first time' });
}

/** @param {string} folder a project's folder */
export function isInstalled(folder) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const found = readPackages(join(folder, 'node_modules', '.package-lock.json'));
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    // A package for another platform is left out by npm; one that is there must have the right version all the same.
    return found[path] ? found[path].version === version : optional === true;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function npmCi() {
  // Development packages too: the build needs them, whatever NODE_ENV says. npm is the one that started us, if one did.
  const words = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, [process.env.npm_execpath]] : ['npm', []];
  const { code, output } = await runProgram(npm[0], [...npm[1], ...words]);
  if (code === 0) return;
  console.error(lastLines(output, 20));
  throw new StartError(`npm ci failed (its last lines are above).`, 'Mend that (network, registry, disk space) and start again.');
}
