/**
 * Has a process tell what the database refuses it, in a line of stdout each: that a disk is full shows in somebody who was not let write.
 * It listens to what the server says, so what a failpoint makes up is not among it.
 */
import type { EventEmitter } from 'node:events';
import { writeSync } from 'node:fs';
import pg from 'pg';

/** Of one code so often at most: under a fault each statement is refused. */
const EVERY_MS = 100;

export function tellRefusals(): void {
  const toldAt = new Map<string, number>();
  const prototype = pg.Client.prototype as unknown as { connect: (this: pg.Client, ...words: unknown[]) => unknown };
  const { connect } = prototype;
  prototype.connect = function (...words) {
    const { connection } = this as unknown as { connection: EventEmitter };
    connection.on('errorMessage', ({ code = '' }: { readonly code?: string }) => {
      const now = performance.now();
      if (now - (toldAt.get(code) ?? -EVERY_MS) < EVERY_MS) return;
      toldAt.set(code, now);
      writeSync(1, `${JSON.stringify({ refused: code })}\n`);
    });
    return connect.call(this, ...words);
  };
}
