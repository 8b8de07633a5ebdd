/**
 * Where an embedded server's folder lies: `<directory>/postgres`, unless we are root and the server's account cannot enter there
 * (a project in /root, mode 0700). Then it is a folder of its own under /var/lib/stepwell, or the temp folder, named by a hash
 * of the project's path so that the next start finds it again. A place that already holds a cluster wins over the choice.
 */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isReachable, isRoot, nearestExisting, serverAccount } from './server-account.js';
import { isStartError, StartError } from './start-error.js';

export interface Place {
  /** Holds `data/`, `password`, `owner.json` and `postgres.log`. */
  readonly folder: string;
  /** True when it is not inside the directory that was asked for; the start says so. */
  readonly isElsewhere: boolean;
}

const ROOTS_ELSEWHERE: readonly string[] = ['/var/lib/stepwell', tmpdir()];

/** The folder of this directory's cluster, if it has one; nothing is made. */
export function findPlace(directory: string): string | undefined {
  const found = [join(directory, 'postgres'), ...(isRoot() ? remoteFolders(directory, ROOTS_ELSEWHERE) : [])].find(holdsCluster);
  return found && realpathSync(found);
}

/**
 * Chooses and makes it.
 * @param roots where to go when the directory is out of reach; tests give their own
 */
export function choosePlace(directory: string, roots = ROOTS_ELSEWHERE): Place {
  const own = join(directory, 'postgres');
  requireFolder(nearestExisting(own));
  if (!isRoot()) return { folder: madeFolder(own), isElsewhere: false };
  const account = serverAccount(join(own, 'data'));
  const isOwnReachable = isReachable(nearestExisting(own), account);
  if (holdsCluster(own) && !isOwnReachable) {
    throw new StartError(
      `The database in ${own} lies under a folder that the database's user (uid ${account?.uid}) may not enter.`,
      `Allow it (chmod o+x on the folders above), or move that folder away to start with an empty database elsewhere.`,
    );
  }
  const remote = remoteFolders(directory, roots);
  const inUse = holdsCluster(own) ? undefined : remote.find(holdsCluster);
  if (inUse) return { folder: trustedFolder(inUse), isElsewhere: true };
  if (isOwnReachable) return { folder: madeFolder(own), isElsewhere: false };
  for (const folder of remote) {
    if (!isReachable(nearestExisting(folder), account)) continue;
    try {
      return { folder: trustedFolder(folder), isElsewhere: true };
    } catch (error) {
      if (!isStartError(error)) throw error;
    }
  }
  throw new StartError(
    `No folder that the database's user (uid ${account?.uid}) may enter: tried ${[own, ...remote].join(', ')}.`,
    `Move the project out of ${realpathSync(nearestExisting(own))}, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

function remoteFolders(directory: string, roots: readonly string[]): string[] {
  const path = existsSync(directory) ? realpathSync(directory) : directory;
  const name = `${basename(dirname(path))}-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`;
  return roots.map((root) => join(root, root === tmpdir() ? `stepwell-${name}` : name));
}

function holdsCluster(folder: string): boolean {
  return existsSync(join(folder, 'data', 'PG_VERSION'));
}

function requireFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new StartError(`${path} is not a folder, so the database cannot lie there.`, 'Name another folder in STEPWELL_DATA_DIR.');
}

/** Makes the folder (0755: what is secret inside has modes of its own). */
function madeFolder(folder: string): string {
  try {
    makeFolders(folder);
    return realpathSync(folder);
  } catch (cause) {
    throw new StartError(
      `The folder ${folder} cannot be made: ${String(cause)}.`,
      `Make ${nearestExisting(folder)} writable for this user, or name another folder in STEPWELL_DATA_DIR.`,
      { cause },
    );
  }
}

/**
 * One by one from above: `recursive: true` never returns where the file system answers ENOENT to whoever makes a folder (/proc).
 * Only the last one gets the mode, as the others may have been meant for more than us.
 */
function makeFolders(folder: string): void {
  const missing: string[] = [];
  for (let path = folder; path !== nearestExisting(folder); path = dirname(path)) missing.unshift(path);
  for (const path of missing) {
    try {
      mkdirSync(path);
    } catch (error) {
      // Another start made it in between.
      if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
    }
  }
  if (missing.length > 0) chmodSync(folder, 0o755);
}

/** A folder with a name that anybody can guess, perhaps in the temp folder: one that somebody else laid out for us is refused. */
function trustedFolder(folder: string): string {
  const made = madeFolder(folder);
  if (lstatSync(folder).isDirectory() && lstatSync(folder).uid === process.getuid?.()) return made;
  throw new StartError(`${folder} was not made by this user.`, 'Remove it and start again.');
}
