/** A real Redis of the test's own: `redis-server` from the PATH, on a free port, in memory only. It can be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../setup/free-port.js';
import { findTestProgram } from '../setup/programs.mjs';

export class RedisServer {
  private server: ChildProcess | undefined;
  private commands: Redis | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<RedisServer> {
    const redis = new RedisServer(await freePort(), mkdtempSync(join(tmpdir(), 'stepwell-redis-')));
    await redis.startAgain();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** For what a test does or asks itself; not counted among the connections of others. */
  get client(): Redis {
    if (!this.commands) throw new Error('Redis does not run.');
    return this.commands;
  }

  /** Empty, on the same port: nothing survives a kill. */
  async startAgain(): Promise<void> {
    const program = findTestProgram('redis-server');
    if (program === undefined) throw new Error('There is no redis-server on the PATH.');
    const words = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.folder, '--save', '', '--appendonly', 'no'];
    const server = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        printed += chunk.toString();
        if (/Ready to accept connections/.test(printed)) resolve();
      };
      server.stdout.on('data', read);
      server.stderr.on('data', read);
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${printed}`)));
    });
    this.server = server;
    this.commands = new Redis(this.url, { retryStrategy: () => null });
    this.commands.on('error', () => undefined);
    await this.commands.ping();
  }

  /** kill -9; resolves when it is gone. */
  async kill(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.commands?.disconnect();
    this.commands = undefined;
    if (!server || server.exitCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }

  /** Stands still, with all its connections: it takes what is sent, and answers nothing. */
  freeze(): void {
    this.server?.kill('SIGSTOP');
  }

  thaw(): void {
    this.server?.kill('SIGCONT');
  }

  /** Cuts every connection but the test's own. */
  async cutConnections(): Promise<void> {
    await this.client.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  }

  /** How often each command was called since the last time this was asked; without what this question itself takes. */
  async commandsSince(): Promise<Record<string, number>> {
    const stats = await this.client.info('commandstats');
    await this.client.config('RESETSTAT');
    const calls = [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name = '', count = '']) => [name, Number(count)] as const);
    return Object.fromEntries(calls.filter(([name]) => !['info', 'config|resetstat', 'client|list'].includes(name)));
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
