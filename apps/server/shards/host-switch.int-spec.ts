import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { HostSwitch } from './host-switch.js';

let listening: Server;
let hosts: HostSwitch;
beforeEach(async () => {
  listening = createServer();
  hosts = new HostSwitch(listening);
  hosts.first.removeAllListeners('request');
  hosts.first.on('request', (_request: IncomingMessage, response: ServerResponse) => response.end('first'));
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => listening.close(resolve)));

function ask(host: string, headers: Record<string, string> = {}): Promise<string> {
  const { port } = listening.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', headers: { host, ...headers }, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve(`${answer.statusCode} ${text.trim()}`));
    });
    asked.on('upgrade', (_answer, socket) => {
      socket.destroy();
      resolve('shook hands');
    });
    asked.on('error', reject);
    asked.end();
  });
}

it('hands each request to whom its host belongs, whatever its port and letters, and all others to the first', async () => {
  const acme = hosts.makeServer();
  acme.on('request', (_request: IncomingMessage, response: ServerResponse) => response.end('acme'));
  hosts.lead('acme.test', acme);
  const asked = ['acme.test', 'ACME.test:8080', 'other.acme.test', 'localhost:3000', '[::1]:3000'];
  expect(await Promise.all(asked.map((host) => ask(host)))).toEqual(['200 acme', '200 acme', '200 first', '200 first', '200 first']);
});

it('says that a host is known and cannot be answered, and shakes no hands there', async () => {
  hosts.lead('acme.test');
  expect(await ask('acme.test')).toBe('503 This address cannot be served at the moment: its database is away, or the server is stopping.');
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
  await expect(ask('acme.test', upgrade)).rejects.toThrow();
  hosts.first.on('upgrade', (_request: IncomingMessage, socket: Duplex) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
  );
  expect(await ask('localhost', upgrade)).toBe('shook hands');
});

it('ends an application when it has answered what it was handed, and hands it no more', async () => {
  const acme = hosts.makeServer();
  let answer = (): void => undefined;
  const arrived = new Promise<void>((resolve) =>
    acme.on('request', (_request: IncomingMessage, response: ServerResponse) => {
      answer = () => response.end('late');
      resolve();
    }),
  );
  hosts.lead('acme.test', acme);
  const asked = ask('acme.test');
  await arrived;
  let isClosed = false;
  const closed = new Promise<void>((resolve) => acme.close(() => resolve())).then(() => (isClosed = true));
  expect(await ask('acme.test')).toMatch(/^503/);
  expect(isClosed).toBe(false);
  answer();
  expect(await asked).toBe('200 late');
  await closed;
  await new Promise<void>((resolve) => acme.close(() => resolve()));
});

it('is where the port is, for whoever asks an application', () => {
  expect(hosts.first.address()).toEqual(listening.address());
});
