/**
 * Which Stepwell process runs the server of a folder. PostgreSQL's own postmaster.pid says which postmaster runs, not whether
 * somebody still wants it; `owner.json` does. A dead owner's postmaster is an orphan and is stopped by the next start, a living
 * owner's is left alone. A process is known by its id and its start time, so that a reused id is not mistaken for the owner.
 */
import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error.js';

interface Owner {
  readonly pid: number;
  readonly identity: string;
}

/** A string that no later process of the same id has: its start time. Undefined when there is no such process. */
export function processIdentity(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // The command name (field 2) may hold blanks and parentheses, so count from the last ')': start time is field 22, state field 3.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ') ?? [];
      return fields[0] === 'Z' ? undefined : fields[19];
    }
    if (process.platform === 'win32') {
      process.kill(pid, 0);
      return 'running';
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The process that runs the server of this folder, if it lives. */
export function livingOwner(folder: string): number | undefined {
  const owner = readOwner(join(folder, 'owner.json'));
  return owner && processIdentity(owner.pid) === owner.identity ? owner.pid : undefined;
}

/**
 * Makes this process the owner. Making is by `link`, which only one of two simultaneous starts can win.
 * @returns gives the ownership up
 */
export function takeOwnership(folder: string): () => void {
  const file = join(folder, 'owner.json');
  const mine = join(folder, `owner-${process.pid}.tmp`);
  try {
    writeFileSync(mine, JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) ?? '' } satisfies Owner));
  } catch (cause) {
    throw new StartError(
      `The folder of the database, ${folder}, cannot be written by this user.`,
      'Start as the user who made it, or move it away to start with an empty database.',
      { cause },
    );
  }
  try {
    for (;;) {
      try {
        linkSync(mine, file);
        return () => {
          if (readOwner(file)?.pid === process.pid) rmSync(file, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const living = livingOwner(folder);
      if (living !== undefined) throw ownedError(folder, living);
      removeDeadOwner(folder, file);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves the dead owner's file aside first: if a living one got there in between, it is put back. */
function removeDeadOwner(folder: string, file: string): void {
  const aside = join(folder, `owner-dead-${process.pid}.tmp`);
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readOwner(aside);
  if (moved && processIdentity(moved.pid) === moved.identity) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function ownedError(folder: string, pid: number): StartError {
  return new StartError(
    `The database in ${folder} is already run by another Stepwell (process ${pid}).`,
    'Stop that one first, or give this one a database of its own with DATABASE_URL.',
  );
}
