/** Addresses and names that lead to this very machine. */
export function isLoopbackAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain);
}

/** @param host as in a Host header: `localhost`, `127.0.0.1` or `[::1]`, with a port or without */
export function isLoopbackHost(host: string | undefined): boolean {
  const name = host === undefined ? undefined : /^(\[[^\]]+\]|[^:[\]]+)(:\d+)?$/.exec(host.toLowerCase())?.[1];
  return name !== undefined && (name === 'localhost' || isLoopbackAddress(name.replace(/^\[|\]$/g, '')));
}
