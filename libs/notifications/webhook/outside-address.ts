/**
 * Whether an address is one of the outside world. A webhook must not be a way into the network that this server stands in: what a name
 * leads to is looked up by the connection itself, and the address that it got is the one that is judged and dialled. So a name that leads
 * elsewhere a moment later leads nowhere.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/** What IANA keeps for special purposes, by https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-. */
const V4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Outside of 2000::/3 nothing is the world's; within it some are ways to addresses of the list above. */
const V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const special = new BlockList();
const world = new BlockList();
for (const [list, family] of [
  [V4, 'ipv4'],
  [V6, 'ipv6'],
] as const)
  for (const range of list) {
    const [net = '', bits] = range.split('/');
    special.addSubnet(net, Number(bits), family);
  }
world.addSubnet('2000::', 3, 'ipv6');

export function isOutside(address: string): boolean {
  if (isIPv6(address)) return world.check(address, 'ipv6') && !special.check(address, 'ipv6');
  return isIP(address) === 4 && !special.check(address, 'ipv4');
}

export class InsideAddress extends Error {
  constructor(host: string) {
    super(`${host} is an address of a private network, to which no webhook goes (STEPWELL_WEBHOOK_PRIVATE allows it).`);
  }
}

/** As `dns.lookup`, but fails for a name of which any address is inside. */
export const lookupOutside: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? [];
    const failure = error ?? (first && addresses.every(({ address }) => isOutside(address)) ? null : new InsideAddress(hostname));
    if (failure || !first) done(failure, '', 4);
    else if ('all' in options && options.all === true) done(null, addresses);
    else done(null, first.address, first.family);
  });
};
