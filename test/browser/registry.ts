/** A service of the outside world, as steps call it: it files what it is sent, once per idempotency key, while it is not away. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export class Registry {
  isAway = true;
  /** The idempotency key of each call. */
  readonly calls: (string | undefined)[] = [];
  /** What was filed, by its key. */
  readonly filed = new Map<string, string>();

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Registry> {
    const server = createServer();
    const registry = new Registry(server);
    server.on('request', (request, response) => {
      const key = String(request.headers['idempotency-key']);
      registry.calls.push(key);
      void text(request).then((content) => {
        if (registry.isAway) return response.writeHead(503).end('closed for maintenance');
        registry.filed.set(key, content);
        return response.end(JSON.stringify({ number: `R-${registry.filed.size}` }));
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
