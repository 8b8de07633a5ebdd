import { foreignOrigin } from './own-origin.js';
import { isLoopbackAddress, isLoopbackHost } from './loopback.js';

describe('where a request comes from', () => {
  const host = 'stepwell.example:3000';

  it.each([
    ['our own page', { host, origin: 'http://stepwell.example:3000' }],
    ['our own page behind a proxy that ends TLS', { host, origin: 'https://stepwell.example:3000' }],
    ['the public address', { host: '10.0.0.7:3000', origin: 'https://flows.example' }],
    ['a program', { host }],
    ['a page of ours that sends no Origin', { host, 'sec-fetch-site': 'same-origin' }],
  ])('%s may', (_who, headers) => {
    expect(foreignOrigin(headers, 'https://flows.example/')).toBeUndefined();
  });

  it.each([
    ['another site', { host, origin: 'https://evil.example' }],
    ['another port of this host', { host, origin: 'http://stepwell.example:8080' }],
    ['a sandboxed frame', { host, origin: 'null' }],
    ['another scheme', { host, origin: 'chrome-extension://stepwell.example:3000' }],
    ['a page that begins like ours', { host, origin: 'http://stepwell.example:3000.evil.example' }],
    ['another site that hides its Origin', { host, 'sec-fetch-site': 'cross-site' }],
    ['a neighbour that hides its Origin', { host, 'sec-fetch-site': 'same-site' }],
  ])('%s may not', (_who, headers) => {
    expect(foreignOrigin(headers, 'https://flows.example')).toBeDefined();
  });
});

describe('loopback', () => {
  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1', '127.0.0.1:3000', '127.1.2.3', '[::1]', '[::1]:3000'])('%s is', (name) => {
    expect(isLoopbackHost(name)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '0.0.0.0',
    '[::]',
    'evil.example:127',
    '127.0.0.1@evil.example',
    '::1:x',
  ])('%s is not', (name) => {
    expect(isLoopbackHost(name)).toBe(false);
  });

  it('is an address of this machine only', () => {
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].every(isLoopbackAddress)).toBe(true);
    expect(['::', '0.0.0.0', '192.168.0.1', '::ffff:10.0.0.1', ''].some(isLoopbackAddress)).toBe(false);
  });
});
