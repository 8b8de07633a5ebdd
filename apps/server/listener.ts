/**
 * The port is taken before anything else is started, so that a second start says "busy" at once and touches no database; until the
 * application is ready, requests get 503 and a line to look at.
 */
import { createServer, IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { StartError } from '@stepwell/postgres';

/**
 * A request that asks for another protocol than a websocket is served by this one, as HTTP would have it: clients offer HTTP/2 (`Upgrade:
 * h2c`) with any request. Node asks this of each request, and cuts the parser off those for which it is true. CONNECT is one of them.
 */
class PlainRequest extends IncomingMessage {
  /** What the parser has found. Set while the base class is made, so it may have no initializer. */
  declare private isAsked: boolean | null;

  set upgrade(isAsked: boolean | null) {
    this.isAsked = isAsked;
  }

  get upgrade(): boolean {
    return Boolean(this.isAsked) && (this.method === 'CONNECT' || this.headers.upgrade?.toLowerCase() === 'websocket');
  }
}

/**
 * Connections that wait to be taken, as far as the system grants it (`net.core.somaxconn`). Of more the system lets each believe for a minute
 * that it is connected, and then resets it: whom the application cannot serve is better told so.
 */
const BACKLOG = 4_096;

/** @throws StartError when the port is busy or may not be used */
export async function takePort(port: number, host: string): Promise<Server> {
  const server = createServer({ IncomingMessage: PlainRequest });
  server.on('request', starting);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, BACKLOG, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new StartError(`Port ${port} of ${host} is busy.`, `Stop what uses it, or choose another: PORT=${port + 1} npm start.`);
    if (error.code === 'EACCES')
      throw new StartError(`This user may not listen on port ${port}.`, 'Choose one above 1023: PORT=3000 npm start.');
    if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
      throw new StartError(`This machine has no address ${host}.`, 'Set STEPWELL_HOST to 127.0.0.1 or 0.0.0.0.');
    throw new StartError(`Nothing can listen on port ${port} of ${host} (${error.code ?? error.message}).`, 'Look at STEPWELL_HOST and PORT.'); // prettier-ignore
  });
  return server;
}

/** What answers until an application does. */
export function starting(_request: unknown, response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1' });
  response.end('Stepwell is starting.\n');
}

/** Lets Nest serve on a server that it need not make: one that listens already, or one that is handed its requests. */
export class ListeningAdapter extends ExpressAdapter {
  constructor(private readonly listening: Server) {
    super();
  }

  override initHttpServer(): void {
    this.setHttpServer(this.listening);
  }

  /** From now on the application answers. */
  takeRequests(): void {
    this.listening.off('request', starting);
    this.listening.on('request', this.getInstance<(...args: unknown[]) => void>());
  }
}
