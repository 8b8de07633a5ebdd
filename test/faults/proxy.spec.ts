/** A wire that gets faster must not bring what comes later before what is on it: a stream that is out of order is no late one. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { until } from '../engine/engine.js';
import { Proxy } from './proxy.js';

it('carries what is late in its order, also when the wire gets faster meanwhile', async () => {
  let received = '';
  const server = createServer((socket) =>
    socket.on('data', (bytes) => {
      received += bytes.toString();
      if (received.includes('first') && received.includes('second')) socket.end();
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = new Proxy(() => (server.address() as AddressInfo).port);
  await proxy.start();
  const client = connect(proxy.port, '127.0.0.1').setNoDelay(true).resume();
  await once(client, 'connect');

  proxy.delay(200);
  client.write('first ');
  await until(
    () => proxy.underWay,
    (pieces) => pieces === 1,
    'The first one should be on the wire',
  );
  proxy.delay(0);
  client.write('second');
  await once(client, 'close');
  expect(received).toBe('first second');
  expect(proxy.harmed.late).toBeGreaterThan(0);
  proxy.close();
  server.close();
});
