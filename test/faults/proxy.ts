/**
 * A small TCP proxy between a process and its database: late, half open (what is sent is swallowed), or cut. What it carries late arrives in
 * its order, also when the wire gets faster meanwhile.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../setup/free-port.js';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export class Proxy {
  private readonly pairs = new Set<Pair>();
  private server: Server | undefined;
  private delayMs = { there: 0, back: 0 };
  private isHalfOpen = false;
  port = 0;
  /** Pieces of what was said that came late, and that never came. */
  readonly harmed = { late: 0, swallowed: 0 };
  /** Pieces that are on the wire now. */
  underWay = 0;

  /** @param portOf the database */
  constructor(private readonly portOf: () => number) {}

  /** What is said now comes late, or never. */
  get isHarmed(): boolean {
    return this.isHalfOpen || this.delayMs.there + this.delayMs.back > 0;
  }

  /** After `close`, on the port that it had. */
  async start(): Promise<void> {
    // One that nobody else is given while this one is closed.
    this.port ||= await freePort();
    this.server = createServer((near) => this.take(near));
    await once(this.server.listen(this.port, '127.0.0.1'), 'listening');
  }

  /** @param back of what the database says; by default likewise */
  delay(there: number, back = there): void {
    this.delayMs = { there, back };
  }

  /** Of the connections that there are nothing arrives any more, in either direction, and nobody is told. */
  halfOpen(): void {
    this.isHalfOpen = true;
  }

  /** Ends all connections at once; new ones are as they should be. @returns how many there were */
  cut(): number {
    this.isHalfOpen = false;
    const { size } = this.pairs;
    for (const { near, far } of this.pairs) for (const socket of [near, far]) socket.resetAndDestroy();
    return size;
  }

  close(): void {
    this.cut();
    this.server?.close();
  }

  private take(near: Socket): void {
    const far = connect(this.portOf(), '127.0.0.1');
    const pair = { near, far };
    this.pairs.add(pair);
    this.carry(near, far, 'there');
    this.carry(far, near, 'back');
    const end = (): void => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.setNoDelay(true).on('error', end).once('close', end);
  }

  private carry(from: Socket, to: Socket, way: 'there' | 'back'): void {
    const pieces: Buffer[] = [];
    let dueAt = 0;
    from.on('data', (bytes) => {
      if (this.isHalfOpen) {
        this.harmed.swallowed++;
        return;
      }
      const now = performance.now();
      dueAt = Math.max(dueAt, now + this.delayMs[way]);
      if (pieces.length === 0 && dueAt <= now) return void to.write(bytes);
      pieces.push(bytes);
      this.underWay++;
      // Whichever timer rings, it brings the piece that is under way for longest.
      setTimeout(() => this.bring(to, pieces.shift()), dueAt - now);
    });
  }

  private bring(to: Socket, bytes: Buffer | undefined): void {
    this.underWay--;
    if (!bytes || !to.writable) return;
    this.harmed.late++;
    to.write(bytes);
  }
}
