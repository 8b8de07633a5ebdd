/**
 * The program under test, compiled into a folder of its own: worker and database processes are started again and again, and a build that
 * somebody runs meanwhile must not pull the files from under them. Same compiler, same configuration as the build's.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'stepwell-crash-';

export interface Program {
  /** The whole folder: programs, data, traces, logs. */
  readonly folder: string;
  readonly worker: string;
  readonly postgres: string;
  /** See test/engine/capped-worker.ts. */
  readonly cappedWorker: string;
  readonly records: string;
}

/** @param root of the project */
export async function compileProgram(root: string): Promise<Program> {
  removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // mkdtemp makes 0700; the database's own user has to get in when the test runs as root.
  chmodSync(folder, 0o755);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const words = [
    ...[
      'node_modules/@swc/cli/bin/swc.js',
      ...['libs', 'workflows', 'migrations', 'apps/server', 'test/crash', 'test/engine', 'test/faults'],
      '-d',
      join(folder, 'dist'),
      '--quiet',
    ],
    ...['--ignore', ['spec', 'int-spec', 'e2e-spec', 'type-spec'].map((role) => `**/*.${role}.ts`).join(',') + ',**/*.tsx'],
  ];
  const compiler = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(compiler, 'exit')) as [number | null];
  if (code !== 0) throw new Error('The program under test does not compile; what the compiler said is above.');
  const processes = join(folder, 'dist', 'test', 'crash');
  return {
    folder,
    worker: join(processes, 'worker-process.js'),
    postgres: join(processes, 'postgres-process.js'),
    cappedWorker: join(folder, 'dist', 'test', 'engine', 'capped-worker.js'),
    records: join(root, 'workflows', 'strike-intake', 'data', 'birdstrikes.csv'),
  };
}

const KEPT = 'kept';

/** Whoever comes next leaves the folder alone: somebody wants to look into it. */
export function keepFolder(folder: string): void {
  writeFileSync(join(folder, KEPT), '');
}

export function isKept(folder: string): boolean {
  return existsSync(join(folder, KEPT));
}

/**
 * Folders of campaigns that were killed themselves; their processes ended with them. One that cannot be removed, such as one on which a disk
 * is still mounted, stays: it is no business of whoever comes next.
 */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^stepwell-crash-(\d+)-/.exec(name)?.[1]);
    if (!(pid > 0) || isAlive(pid) || existsSync(join(tmpdir(), name, KEPT))) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch (error) {
      console.warn(`${join(tmpdir(), name)} is left as it is: ${String(error)}`);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
