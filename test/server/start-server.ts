/**
 * The server as people start it: the compiled `dist/apps/server/main.js` in a process of its own, on a free port, with an embedded
 * PostgreSQL in a temporary folder (or on the database that the test names).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ServerOptions {
  /** On top of this process's environment; `undefined` removes a variable. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Data of an earlier server, to start on it again; it is then kept. */
  readonly dataDirectory?: string;
  /** Another compiled project than `dist` (see compiled-with.ts). */
  readonly dist?: string;
  /** What the example's intake reads: a few hundred reports, unless the test needs all 10,000. */
  readonly reports?: 'some' | 'all';
}

const ALL_REPORTS = 'workflows/strike-intake/data/birdstrikes.csv';
/** Enough for every page to have something to show, and few enough that the intake is over when a test begins. */
const SOME = 300;

export interface TestServer {
  readonly url: string;
  /** Empty when the admin existed already. */
  readonly adminPassword: string;
  readonly dataDirectory: string;
  readonly process: ChildProcess;
  /** Everything it has printed so far. */
  output(): string;
  /** Resolves as soon as what it has printed so far is as it should be; looks again at each piece that it prints. */
  printed(isRight: (output: string) => boolean): Promise<void>;
  /** SIGTERM, waits for the end, removes the data unless it was given. @returns the exit code */
  stop(): Promise<number>;
}

/** @throws Error with what the server printed, when it ends before it is ready */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'stepwell-server-'));
  chmodSync(dataDirectory, 0o755);
  const environment = {
    ...{ ...process.env, NODE_ENV: undefined, PORT: '0', STEPWELL_DATA_DIR: dataDirectory },
    ...(options.reports === 'all' ? {} : { STRIKE_REPORTS_FILE: writeSome(dataDirectory) }),
    ...options.environment,
  };
  const server = spawn(process.execPath, ['--enable-source-maps', join(options.dist ?? 'dist', 'apps/server/main.js')], {
    env: Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined)),
    // The IPC channel lets the server see that the test has gone, and stop by itself.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  // When all that it has printed was read, too: `exit` may come before its last lines.
  const ended = new Promise<number>((resolve) => server.once('close', (code, signal) => resolve(code ?? (signal ? 128 : 1))));
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (/Stop with Ctrl-C/.test(printed)) resolve();
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    void ended.then((code) => reject(new Error(`The server ended with code ${code} before it was ready:\n${printed}`)));
  });
  const clean = (): void => {
    if (options.dataDirectory === undefined) rmSync(dataDirectory, { recursive: true, force: true });
  };
  await ready.catch((error: unknown) => {
    clean();
    throw error;
  });
  await restIsRead();
  return {
    url: /(?:Stepwell is ready|Its health): (\S+?)(?:\/health\/ready)?\s/.exec(printed)?.[1] ?? '',
    adminPassword: /one-time password (\S+)/.exec(printed)?.[1] ?? '',
    dataDirectory,
    process: server,
    output: () => printed,
    printed: (isRight) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (isRight(printed)) resolve();
        };
        server.stdout?.on('data', look);
        server.stderr?.on('data', look);
        look();
      }),
    stop: async () => {
      if (server.exitCode === null) server.kill('SIGTERM');
      const code = await ended;
      clean();
      return code;
    },
  };
}

/** What was written to the other pipe before the line that was just read is read by the next look at both. */
async function restIsRead(): Promise<void> {
  for (let looks = 0; looks < 2; looks++) await new Promise((looked) => setImmediate(looked));
}

function writeSome(folder: string): string {
  const file = join(folder, 'reports.csv');
  const [head, ...reports] = readFileSync(ALL_REPORTS, 'utf8').split('\n');
  writeFileSync(file, [head, ...reports.slice(0, SOME), ''].join('\n'));
  return file;
}
