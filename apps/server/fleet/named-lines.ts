import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Passes on what a process prints, each line behind its name: several processes have one log. */
export function passOn(from: Readable | null, to: Writable, name: string): void {
  if (from) createInterface(from).on('line', (line) => to.write(`[${name}] ${line}\n`));
}
