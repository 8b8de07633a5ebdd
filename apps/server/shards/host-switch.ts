/**
 * Several applications on one port: each request goes to the one whose host it names, all others to the first. An application has a server
 * of its own that listens nowhere, to which the request, or the handshake of a websocket, is handed as it came.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { starting } from '../listener.js';

export class HostSwitch {
  /** That of the first database. */
  readonly first = createServer().on('request', starting);
  /** `undefined`: it is known, and its database has not been there so far. */
  private readonly others = new Map<string, Server | undefined>();

  /** @param listening the server that has the port */
  constructor(listening: Server) {
    listening.off('request', starting);
    listening.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const server = this.serverOf(request);
      if (!server?.emit('request', request, response)) refuse(response);
    });
    listening.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (!this.serverOf(request)?.emit('upgrade', request, socket, head)) socket.destroy();
    });
  }

  /** @param host as a Host header has it, without a port. @param server answers from now on; without one, requests are told to come again */
  lead(host: string, server?: Server): void {
    this.others.set(host, server);
  }

  private serverOf({ headers: { host = '' } }: IncomingMessage): Server | undefined {
    const name = host.toLowerCase().replace(/:\d+$/, '');
    return this.others.has(name) ? this.others.get(name) : this.first;
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '5' });
  response.end('The database of this address cannot be reached.\n');
}
