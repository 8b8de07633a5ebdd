/** A project of three files with the real launcher in it: what `npm start` and `npm test` do, in a second instead of a minute. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Serves by saying so; drains by saying why. It exits 3 so that the code can be told from everybody else's. */
const SERVER = `
const waiting: ReturnType<typeof setInterval> = setInterval(() => undefined, 1000);
let isDraining = false;
function drain(why: string): void {
  if (isDraining) return;
  isDraining = true;
  console.log(\`draining: \${why}\`);
  clearInterval(waiting);
  process.exitCode = 3;
  if (process.connected) process.disconnect();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => drain(signal));
process.once('disconnect', () => drain('disconnect'));
console.log(\`serving: \${process.pid}\`);
`;

const JEST = `export default { rootDir: '.', testMatch: ['<rootDir>/tests/**/*.js'], transform: {} };`;

const TESTS = `
test('holds', () => {});
test('fails', () => { throw new Error('as it should'); });
test.skip('is skipped', () => {});
`;

export interface Program {
  readonly process: ChildProcess;
  /** Everything printed so far; the order between stdout and stderr is chance. */
  readonly output: () => string;
  /** What went to stdout. */
  readonly printed: () => string;
  /** What went to stderr. */
  readonly errors: () => string;
  /** The text after `prefix` of the first line that begins with it. */
  readonly said: (prefix: string) => Promise<string>;
  readonly ended: Promise<number | null>;
}

export class MiniatureProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'stepwell-miniature-'));

  constructor(installed: 'installed' | 'bare') {
    chmodSync(this.folder, 0o755);
    for (const path of ['apps/launcher', 'test/setup/programs.mjs', '.swcrc', 'package.json', 'package-lock.json']) {
      cpSync(join(root, path), join(this.folder, path), { recursive: true });
    }
    if (installed === 'installed') symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    this.write('apps/server/main.ts', SERVER);
    this.write('apps/web/index.html', '<h1>Pages</h1>');
    this.write(
      'apps/web/vite.config.ts',
      `export default { root: new URL('.', import.meta.url).pathname, build: { outDir: '../../dist/apps/web', emptyOutDir: true } };`,
    );
    this.write('workflows/one/one.workflow.ts', 'export const one: number = 1;');
    this.write('workflows/one/data/rows.csv', 'a,b\n');
    this.write('jest.config.mjs', JEST);
    this.write('tests/some.js', TESTS);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Runs `node <words>` in the project, without what an npm around these tests has put into the environment. */
  run(words: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|JEST_|NODE_OPTIONS$|CI$|NODE_ENV$)/.test(name));
    const child = spawn(process.execPath, words, {
      cwd: this.folder,
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    const printed: string[] = [];
    const errors: string[] = [];
    const listeners = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        (stream === child.stdout ? printed : errors).push(line);
        for (const listener of listeners) listener();
      });
    }
    const ended = once(child, 'close').then(([code]) => {
      for (const listener of listeners) listener();
      return code as number | null;
    });
    return {
      process: child,
      output: () => lines.join('\n'),
      printed: () => printed.join('\n'),
      errors: () => errors.join('\n'),
      ended,
      said: (prefix) =>
        new Promise((resolve, reject) => {
          const look = () => {
            const line = lines.find((one) => one.startsWith(prefix));
            if (line === undefined && child.exitCode === null && child.signalCode === null) return;
            listeners.delete(look);
            if (line === undefined) reject(new Error(`It ended without saying "${prefix}":\n${lines.join('\n')}`));
            else resolve(line.slice(prefix.length));
          };
          listeners.add(look);
          look();
        }),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
