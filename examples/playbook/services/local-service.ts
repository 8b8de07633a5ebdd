/**
 * Somebody else's system, small: a real HTTP server on the loopback address, which does its work and goes wrong as such systems do. Which
 * request goes wrong is said by `fate`, never by chance. A repeat with the same idempotency key is answered as the first one was.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServiceRequest {
  readonly method: string;
  /** With its query, if it has one. */
  readonly path: string;
  readonly body: unknown;
  /** What came in the header `idempotency-key`. */
  readonly key: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface ServiceReply {
  /** 200 when absent. */
  readonly status?: number;
  readonly body: object;
}

/**
 * `serves`; `unavailable`: 503, and nothing was done; `{ busyFor }`: 429 with `Retry-After`, in seconds, and nothing was done;
 * `dies-after-accepting`: the work is done, and the line goes dead before the answer.
 */
export type Fate = 'serves' | 'unavailable' | 'dies-after-accepting' | { readonly busyFor: number };

export abstract class LocalService {
  /** All that came in, also what then went wrong. */
  readonly requests: ServiceRequest[] = [];
  fate: (request: ServiceRequest) => Fate | Promise<Fate> = () => 'serves';
  private readonly answered = new Map<string, ServiceReply | Promise<ServiceReply>>();
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  /** Does the work. Called once for each idempotency key, and for each request without one. */
  protected abstract serve(request: ServiceRequest): ServiceReply | Promise<ServiceReply>;

  /** Listens on a free port. @returns the address, without a slash at its end */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve());
    });
    this.server.unref();
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From then on connections are refused. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await read(incoming);
      this.requests.push(request);
      const fate = await this.fate(request);
      if (fate === 'unavailable') return send(response, { status: 503, body: { code: 'UNAVAILABLE' } });
      if (typeof fate === 'object')
        return send(response.setHeader('retry-after', fate.busyFor), { status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
      const reply = await this.once(request);
      if (fate === 'dies-after-accepting') response.destroy();
      else send(response, reply);
    } catch {
      // No JSON, or nobody to answer any more.
      response.destroy();
    }
  }

  private once(request: ServiceRequest): ServiceReply | Promise<ServiceReply> {
    if (request.key === '') return this.serve(request);
    const reply = this.answered.get(request.key) ?? this.serve(request);
    this.answered.set(request.key, reply);
    return reply;
  }
}

async function read(incoming: IncomingMessage): Promise<ServiceRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const { method = '', url: path = '', headers } = incoming;
  const key = headers['idempotency-key'];
  return { method, path, body: text === '' ? undefined : JSON.parse(text), key: typeof key === 'string' ? key : '', headers };
}

/** Each answer ends its connection, so that no idle one is ever cut between two requests. */
function send(response: ServerResponse, { status = 200, body }: ServiceReply): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
}
