// A process id alone may have been given to somebody else since; id and start time together never are.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @returns {{ pid: number, started: string, parent: number, command: string } | undefined} undefined when there is no such process */
export function lookAt(pid) {
  try {
    if (process.platform === 'linux') {
      // The command (field 2) stands in parentheses and may hold some itself; state is field 3, parent field 4, start time field 22.
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z') return undefined;
      return { pid, started: fields[19], parent: Number(fields[1]), command: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')) };
    }
    const line = execFileSync('ps', ['-o', 'ppid=,comm=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [, parent, command, started] = /^(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return started === undefined ? undefined : { pid, started, parent: Number(parent), command };
  } catch {
    return undefined;
  }
}

/** Does the very process that `lookAt` once described still live? */
export function isAlive({ pid, started }) {
  return lookAt(pid)?.started === started;
}

/** The npm that runs this script, if one does: our parent, or its parent when npm's shell stayed in between. */
export function npmAboveUs() {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parent = lookAt(process.ppid);
  return parent && /^(.*\/)?(sh|dash|bash)$/.test(parent.command) ? lookAt(parent.parent) : parent;
}
