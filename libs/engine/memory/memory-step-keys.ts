import type { Json } from '@stepwell/contracts';
import type { KeyHolder, StepKey, StepKeys } from '../ports/step-keys.port.js';

interface Row {
  readonly holder: string;
  readonly leaseUntil: number;
  /** Set when it is completed; the output as text, so that nobody shares it. */
  readonly done?: { readonly output: string; readonly until: number };
}

const completed = (output: Json, until: number): Row['done'] & object => ({ output: JSON.stringify(output), until });
const outputOf = ({ output }: Row['done'] & object): { readonly output: Json } => ({ output: JSON.parse(output) as Json });

/** @param now milliseconds since 1970 */
export function memoryStepKeys(now: () => number, take: <T>(work: () => T) => Promise<T>): StepKeys {
  const rows = new Map<string, Row>();
  const idOf = (kind: string, { tenant, key }: StepKey) => JSON.stringify([kind, tenant, key]);
  const fresh = (id: string): Row | undefined => {
    const row = rows.get(id);
    return row?.done && row.done.until <= now() ? undefined : row;
  };
  const isHeldBy = (id: string, { holder }: KeyHolder): boolean => rows.get(id)?.holder === holder && !rows.get(id)?.done;
  return {
    take: (key, leaseMs) =>
      take(() => {
        const row = fresh(idOf('key', key));
        if (row?.done) return { state: 'completed', ...outputOf(row.done) };
        if (row && row.holder !== key.holder && row.leaseUntil > now()) return { state: 'held', leftMs: row.leaseUntil - now() };
        rows.set(idOf('key', key), { holder: key.holder, leaseUntil: now() + leaseMs });
        return { state: 'mine' };
      }),
    finish: (key, output, ttlMs) =>
      take(() => {
        const id = idOf('key', key);
        if (isHeldBy(id, key)) rows.set(id, { holder: key.holder, leaseUntil: now(), done: completed(output, now() + ttlMs) });
      }),
    drop: (key) => take(() => void (isHeldBy(idOf('key', key), key) && rows.delete(idOf('key', key)))),
    cached: (key) =>
      take(() => {
        const done = fresh(idOf('cache', key))?.done;
        return done && outputOf(done);
      }),
    cache: (key, output, ttlMs) =>
      take(() => void rows.set(idOf('cache', key), { holder: '', leaseUntil: now(), done: completed(output, now() + ttlMs) })),
  };
}
