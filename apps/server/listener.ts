/**
 * The port is taken before anything else is started, so that a second start says "busy" at once and touches no database; until the
 * application is ready, requests get 503 and a line to look at.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { StartError } from '@stepwell/postgres';

/** @throws StartError when the port is busy or may not be used */
export async function takePort(port: number, host: string): Promise<Server> {
  const server = createServer();
  server.on('request', starting);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new StartError(`Port ${port} of ${host} is busy.`, `Stop what uses it, or choose another: PORT=${port + 1} npm start.`);
    if (error.code === 'EACCES')
      throw new StartError(`This user may not listen on port ${port}.`, 'Choose one above 1023: PORT=3000 npm start.');
    if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
      throw new StartError(`This machine has no address ${host}.`, 'Set STEPWELL_HOST to 127.0.0.1 or 0.0.0.0.');
    throw error;
  });
  return server;
}

function starting(_request: unknown, response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1' });
  response.end('Stepwell is starting.\n');
}

/** Lets Nest serve on a server that listens already. */
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
