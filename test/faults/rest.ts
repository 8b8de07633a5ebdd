/** When the harm is over everything has to come to rest by itself, in bounded time. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../crash/database.js';

/** Without a new fact for so long, it hangs: a delivery that a dead process had taken waits thirty seconds, and nothing waits longer. */
const STANDSTILL_MS = 75_000;
export const SETTLE_LIMIT_MS = 300_000;

/** Waits until nothing can go on but by a person. @returns what is still going on when there are no new facts, or for too long */
export async function comeToRest(
  database: Database,
  log: (line: string) => void,
  standstillMs = STANDSTILL_MS,
): Promise<string | undefined> {
  await database.surely('UPDATE schedules SET active = false');
  const began = performance.now();
  let [facts, lastFactAt, toldAt] = [0, began, began];
  for (;;) {
    const going = await database.surely<{ what: string; count: number; one: string }>(GOING);
    if (going.length === 0) return undefined;
    const [sum] = await database.surely<{ facts: number }>('SELECT sum(last_seq)::int AS facts FROM runs');
    const now = performance.now();
    if (sum && sum.facts !== facts) [facts, lastFactAt] = [sum.facts, now];
    if (now - lastFactAt > standstillMs || now - began > SETTLE_LIMIT_MS)
      return `It does not come to rest (last fact ${Math.round((now - lastFactAt) / 1000)} s ago); going on: ${JSON.stringify(going)}`;
    if (now - toldAt > 5_000) {
      toldAt = now;
      log(`Going on: ${going.map(({ what, count }) => `${count} ${what}`).join(', ')}`);
    }
    await delay(250);
  }
}

const GOING = /* sql */ `
SELECT workflow || ' ' || status || ' ' || array_to_string(wait_reasons, ',') AS what, count(*)::int AS count, min(id::text) AS one FROM runs
WHERE status IN ('queued', 'running') OR status = 'waiting' AND NOT wait_reasons <@ '{task,incident,signal,async-result}'
  AND NOT (workflow IN ('lasting', 'withdrawn') AND cancel_requested_at IS NULL) AND NOT (workflow IN ('mixed', 'called') AND 'event' = ANY(wait_reasons) AND coalesce(due_at > now() + interval '10 minutes', true)) GROUP BY 1
UNION ALL SELECT 'message to read', count(*)::int, min(run_id::text) FROM inbox HAVING count(*) > 0
UNION ALL SELECT 'message to deliver', count(*)::int, min(run_id::text) FROM outbox HAVING count(*) > 0
UNION ALL SELECT 'event to route', count(*)::int, min(id::text) FROM events WHERE NOT routed HAVING count(*) > 0
UNION ALL SELECT 'delivery to decide', count(*)::int, min(event_id::text) FROM event_deliveries WHERE status = 'pending' HAVING count(*) > 0`;
