import { isOutside, lookupOutside } from './outside-address.js';

describe('an address', () => {
  it.each(['8.8.8.8', '93.184.216.34', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4001:82a::200e'])('%s is outside', (address) => {
    expect(isOutside(address)).toBe(true);
  });

  it.each([
    ...[
      '127.0.0.1',
      '10.1.2.3',
      '172.31.255.255',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...[
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      'fc00::1',
      'ff02::1',
      '::ffff:10.0.0.1',
      '::ffff:7f00:1',
      '64:ff9b::a00:1',
      '2002:a00:1::',
      '2001:0:a00:1::',
    ],
    ...['localhost', '', '127.1'],
  ])('%s is not', (address) => {
    expect(isOutside(address)).toBe(false);
  });
});

it('a name that leads inside is not dialled', async () => {
  const failure = await new Promise((resolve) => lookupOutside('localhost', {}, (error) => resolve(error)));
  expect(String(failure)).toMatch(/localhost is an address of a private network/);
});
