import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that a system gives to outgoing connections, and to who asks for any (from 32768 on Linux, from 49152 elsewhere). One of
 * theirs is soon somebody else's: before the program listens, and while it is away. Who then tries to connect to it may even get it himself,
 * and is connected with himself.
 */
const [LOWEST, HIGHEST] = [20_000, 32_767];

const given = new Set<number>();

/** A port of this machine that nobody has at the moment: for a program that takes a number and cannot say which one it got. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const holder = createServer();
  const listening = once(holder, 'listening').then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return false;
      throw error;
    },
  );
  holder.listen(port, '127.0.0.1');
  if (!(await listening)) return false;
  holder.close();
  await once(holder, 'close');
  return true;
}
