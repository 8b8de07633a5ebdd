import type { MemoryRows } from './memory-rows.js';

/** As far as the database's function goes. */
const NEAREST = 100;

/** The ids of all who started a run or what led to it, with the rules of the function `starters_of`; nobody has keys in memory. */
export function startersOf({ runs, events }: MemoryRows, runId: string): readonly string[] {
  const line: { readonly run?: string | null | undefined; readonly event?: string | null | undefined }[] = [{ run: runId }];
  const starters = new Set<string>();
  const seen = new Set<string>();
  for (const { run: runOf, event: eventOf } of line) {
    const id = runOf ?? eventOf;
    if (id == null || seen.has(id)) continue;
    if (seen.size === NEAREST) break;
    seen.add(id);
    const run = runOf == null ? undefined : runs.get(runOf);
    const event = eventOf == null ? undefined : events.get(eventOf);
    for (const actor of [run?.actor, event?.actor]) if (actor) starters.add(actor.id);
    line.push({ run: run?.causeRun }, { run: run?.parentRun }, { event: run?.causeEvent }, { run: event?.sourceRun });
  }
  return [...starters];
}
