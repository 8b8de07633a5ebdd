/**
 * PostgreSQL refuses to run as root. When we are root the server runs as `nobody` (65534, which exists on every Linux without
 * being made), or as the owner of a data folder that an ordinary user made earlier. An ordinary user runs the server as himself.
 */
import { lstatSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who runs the server; `undefined` means: the user of this process. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: ServerAccount = { uid: 65534, gid: 65534 };

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The account for a server whose data folder is (or will be) `dataDirectory`. */
export function serverAccount(dataDirectory: string): ServerAccount | undefined {
  if (!isRoot()) return undefined;
  const owner = lstatSync(dataDirectory, { throwIfNoEntry: false });
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : NOBODY;
}

/** May `account` enter this folder and every folder above it? Judged by owner, group and mode, as the kernel does without ACLs. */
export function isReachable(folder: string, account: ServerAccount | undefined): boolean {
  if (!account) return true;
  for (let path = realpathSync(folder); ; path = dirname(path)) {
    const { uid, gid, mode } = lstatSync(path);
    const enter = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & enter) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** The nearest thing at or above `path` that exists; not always a folder. */
export function nearestExisting(path: string): string {
  let found = path;
  while (!exists(found)) found = dirname(found);
  return found;
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Below a file there is nothing, and nothing that we could see below a folder that we may not enter.
    return false;
  }
}
