/** A small TCP proxy between one worker and the database: late, half open (what is sent is swallowed), or cut. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export class Proxy {
  private readonly pairs = new Set<Pair>();
  private server: Server | undefined;
  private delayMs = 0;
  private isHalfOpen = false;
  port = 0;

  /** @param portOf the database */
  constructor(private readonly portOf: () => number) {}

  async start(): Promise<void> {
    const server = createServer((near) => this.take(near));
    this.server = server;
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    this.port = (server.address() as AddressInfo).port;
  }

  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** Of the connections that there are nothing arrives any more, in either direction, and nobody is told. */
  halfOpen(): void {
    this.isHalfOpen = true;
  }

  /** Ends all connections at once; new ones are as they should be. */
  cut(): void {
    this.isHalfOpen = false;
    for (const { near, far } of this.pairs) for (const socket of [near, far]) socket.resetAndDestroy();
  }

  close(): void {
    this.cut();
    this.server?.close();
  }

  private take(near: Socket): void {
    const far = connect(this.portOf(), '127.0.0.1');
    const pair = { near, far };
    this.pairs.add(pair);
    this.carry(near, far);
    this.carry(far, near);
    const end = (): void => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.setNoDelay(true).on('error', end).once('close', end);
  }

  private carry(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (this.isHalfOpen) return;
      if (this.delayMs === 0) to.write(bytes);
      // Timers of one length ring in the order in which they were set, so the bytes keep theirs.
      else setTimeout(() => to.writable && to.write(bytes), this.delayMs);
    });
  }
}
