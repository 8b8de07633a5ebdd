import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { takePort } from './listener.js';

describe('the port', () => {
  let server: Server;
  beforeAll(async () => {
    server = await takePort(0, '127.0.0.1');
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end(`served ${request.method} ${request.url} "${body}"`));
    });
    server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => socket.end('upgraded'));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const said = (head: readonly string[], body = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
      socket.write([...head, '', body].join('\r\n'));
    });
  // As curl --http2 sends it.
  const offer = (protocol: string) => ['Host: x', 'Connection: Upgrade, HTTP2-Settings, close', `Upgrade: ${protocol}`, 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA']; // prettier-ignore

  it.each(['h2c', 'TLS/1.0', 'h2c, websocket'])('serves a request that offers %s as it stands', async (protocol) => {
    expect(await said(['GET /a HTTP/1.1', ...offer(protocol)])).toMatch(/^HTTP\/1.1 200 OK[^]*served GET \/a ""/);
    const post = ['POST /b HTTP/1.1', ...offer(protocol), 'Content-Length: 5'];
    expect(await said(post, 'hello')).toMatch(/^HTTP\/1.1 200 OK[^]*served POST \/b "hello"/);
  });

  it.each(['websocket', 'WebSocket'])('hands a %s on', async (protocol) => {
    expect(await said(['GET /a HTTP/1.1', ...offer(protocol)])).toBe('upgraded');
  });
});
