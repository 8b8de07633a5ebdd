/** Several applications on one port: each request goes to the one whose host it names, all others to the first. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { starting } from '../listener.js';
import { HandedServer } from './handed-server.js';

export class HostSwitch {
  /** That of the first database. */
  readonly first: HandedServer;
  /** `undefined`: it is known, and its database has not been there so far. */
  private readonly others = new Map<string, HandedServer | undefined>();

  /** @param listening the server that has the port */
  constructor(private readonly listening: Server) {
    this.first = this.makeServer().on('request', starting);
    listening.off('request', starting);
    listening.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (!this.serverOf(request)?.take(request, response)) refuse(response);
    });
    listening.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (!this.serverOf(request)?.takeHandshake(request, socket, head)) socket.destroy();
    });
  }

  makeServer(): HandedServer {
    return new HandedServer(this.listening);
  }

  /**
   * @param host as a Host header has it, without a port
   * @param server answers from now on; without one, requests are told to come again
   */
  lead(host: string, server?: HandedServer): void {
    this.others.set(host, server);
  }

  private serverOf({ headers: { host = '' } }: IncomingMessage): HandedServer | undefined {
    const name = host.toLowerCase().replace(/:\d+$/, '');
    return this.others.has(name) ? this.others.get(name) : this.first;
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '5', connection: 'close' });
  response.end('This address cannot be served at the moment: its database is away, or the server is stopping.\n');
}
