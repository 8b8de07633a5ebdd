/**
 * Worker processes as the server runs them, the compiled build with its own entry for isolation, but with short leases; whoever ends is
 * started again, as a supervisor would. Their way to the database can be cut.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { compiledWith, type CompiledProject } from '../server/compiled-with.js';

export interface WorkerSettings {
  readonly leaseMs: number;
  readonly sweepMs: number;
  readonly hangMs: number;
  /** V8's heap, of the worker and of its processes in isolation. */
  readonly memoryMb: number;
}

const PROGRAM = `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { findWorkflowModules, RuntimeModule, watchEventLoop } from './libs/runtime/index.js';
const { databaseUrl, queues, hangMs, memoryMb, leaseMs, sweepMs } = JSON.parse(process.argv[2]);
watchEventLoop(hangMs);
class App {}
const app = await NestFactory.createApplicationContext({ module: App, imports: [RuntimeModule.register({
  databaseUrl, directUrl: databaseUrl, roles: ['worker'], queues, publicUrl: 'http://127.0.0.1:1', tenants: ['default'],
  worker: { leaseMs, sweepMs, maxActive: 250 }, hangMs,
  isolation: { entry: new URL('./apps/server/isolated.js', import.meta.url).pathname, memoryMb },
  workflowModules: await findWorkflowModules(new URL('./workflows', import.meta.url).pathname),
})] }, { logger: ['error', 'warn'] });
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
// The test is gone, however it went: so are we.
process.stdin.resume().once('end', () => process.exit(1));
console.log('ready');`;

/** More mean that none will ever work. */
const MOST_FALSE_STARTS = 20;

export class WorkerHouse {
  /** How the workers ended that nobody here ended: \`code 7\`, \`SIGABRT\`. */
  readonly crashes: string[] = [];
  private readonly project: CompiledProject;
  private readonly children = new Set<ChildProcess>();
  private printed = '';
  private stopping = false;
  private falseStarts = 0;

  /** @param workflows JavaScript, as for compiledWith */
  constructor(
    private readonly databaseUrl: string,
    private readonly settings: WorkerSettings,
    workflows: string,
  ) {
    this.project = compiledWith(workflows, "import { existsSync } from 'node:fs';");
    writeFileSync(join(this.project.dist, 'worker.js'), PROGRAM);
  }

  output(): string {
    return this.printed;
  }

  /** Starts one that is started again whenever it ends by itself. Resolves when it works. */
  start({ databaseUrl = this.databaseUrl, queues = ['default'] } = {}): Promise<ChildProcess> {
    const settings = JSON.stringify({ ...this.settings, databaseUrl, queues });
    const words = [`--max-old-space-size=${this.settings.memoryMb}`, join(this.project.dist, 'worker.js'), settings];
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.children.add(child);
    child.stderr.on('data', (chunk: Buffer) => (this.printed += chunk.toString()));
    return new Promise((resolve, reject) => {
      let isReady = false;
      child.stdout.on('data', (chunk: Buffer) => {
        this.printed += chunk.toString();
        isReady ||= chunk.toString().includes('ready');
        if (isReady) resolve(child);
      });
      child.once('exit', (code, signal) => {
        this.children.delete(child);
        if (this.stopping || code === 0) return;
        if (!child.killed) this.crashes.push(signal ?? `code ${code}`);
        // What it took up first may have ended it before it could say that it works.
        if (!isReady && ++this.falseStarts > MOST_FALSE_STARTS)
          return reject(new Error(`It ended before it was ready, ${this.falseStarts} times:\n${this.printed.slice(-2_000)}`));
        this.start({ databaseUrl, queues }).then(resolve, reject);
      });
    });
  }

  /** kill -9 of all that work now; they are started again. */
  killAll(): void {
    for (const child of this.children) child.kill('SIGKILL');
  }

  /** SIGTERM to all; resolves when they have ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    const ended = [...this.children].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of this.children) child.kill('SIGTERM');
    await Promise.all(ended);
    this.stopping = false;
  }

  async close(): Promise<void> {
    await this.stop();
    this.project.remove();
  }
}

/** A way to the database that can be cut, and mended. */
export class Way {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(databaseUrl: string): Promise<Way> {
    const { hostname, port } = new URL(databaseUrl);
    const server = createServer((here) => way.join(here, () => connect(Number(port), hostname)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(databaseUrl);
    url.port = String((server.address() as { port: number }).port);
    url.hostname = '127.0.0.1';
    const way: Way = new Way(server, url.href);
    return way;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(here: Socket, open: () => Socket): void {
    if (this.isCut) return void here.destroy();
    const there = open();
    for (const [one, other] of [
      [here, there],
      [there, here],
    ] as const) {
      this.sockets.add(one);
      one
        .on('error', () => undefined)
        .once('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  }
}
