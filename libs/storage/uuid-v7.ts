import { randomFillSync } from 'node:crypto';

/**
 * UUIDv7 (RFC 9562): 48 bits of milliseconds, then a 12-bit counter that keeps ids of one process in order within a millisecond, then
 * 62 random bits. Ids of runs, tasks and events are made here, so that a batch can refer to them before it is written.
 */
const pool = new Uint8Array(8 * 512);
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
let used = pool.length;
let lastMs = 0;
let counter = 0;

export function uuidV7(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  if (used >= pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const count = counter.toString(16).padStart(3, '0');
  const hex = () => HEX[pool[used++] ?? 0] ?? '';
  const variant = HEX[((pool[used++] ?? 0) & 0x3f) | 0x80] ?? '';
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${variant}${hex()}-${hex()}${hex()}${hex()}${hex()}${hex()}${hex()}`;
}
