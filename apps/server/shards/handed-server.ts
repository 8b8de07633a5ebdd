import { type IncomingMessage, Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A server that listens nowhere: another one hands it requests and handshakes as they came. It ends when it has answered them. */
export class HandedServer extends Server {
  private answering = 0;
  private readonly onIdle: (() => void)[] = [];
  private isEnding = false;

  /** @param behind the server that has the port */
  constructor(private readonly behind: Server) {
    super();
  }

  /** @returns false when nobody answers here, or no longer */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.isEnding || this.listenerCount('request') === 0) return false;
    this.answering++;
    response.once('close', () => {
      if (--this.answering === 0) for (const tell of this.onIdle.splice(0)) tell();
    });
    return this.emit('request', request, response);
  }

  /** @returns false when nobody shakes hands here */
  takeHandshake(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    return !this.isEnding && this.emit('upgrade', request, socket, head);
  }

  override address(): AddressInfo | string | null {
    return this.behind.address();
  }

  override close(callback?: (error?: Error) => void): this {
    this.isEnding = true;
    if (callback && this.answering > 0) this.onIdle.push(callback);
    else callback?.();
    return this;
  }
}
