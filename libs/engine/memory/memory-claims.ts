/**
 * Claims in memory, with the rules of `storage/queries/claim-runs.query.ts` and `capped-runs.ts`: equal shares for the tenants, higher
 * priorities and then older runs first, due timers, and under a cap only with a permit.
 */
import { ISOLATION } from '../ports/suspicion.js';
import { type Claim, type ClaimedRun, type ClaimRequest, type Needs, type NextDue, NO_SHARES } from '../ports/run-leases.port.js';
import type { MemoryRows, MemoryRun } from './memory-rows.js';

interface Picked {
  readonly run: MemoryRun;
  readonly dueAt: number | null;
  readonly onlyEnds?: boolean;
}

export function claimRuns(rows: MemoryRows, { worker, queues, needs, limit, after, turn = 0, isCapped }: ClaimRequest): Claim {
  const fits = (run: MemoryRun) => queues.includes(run.queue) && needs.includes(run.needs);
  const uncapped = [...rows.runs.values()].filter((run) => run.permitKey === null && queues.includes(run.queue));
  const inQueue = uncapped.filter(({ status }) => status === 'queued');
  const queued = inQueue.filter(fits).length;
  const allDue = dueOf(rows, uncapped.filter(fits));
  const kinds = 1 + (queued > 0 ? 1 : 0) + (allDue.length > 0 ? 1 : 0);
  const capped = isCapped ? claimCapped(rows, fits, Math.floor((limit + (turn % kinds)) / kinds), turn) : { picked: [], hasRest: false };
  const room = limit - capped.picked.length;
  const due = allDue.slice(0, queued > 0 ? Math.floor((room + (turn % 2)) / 2) : room);
  const { picked, walkedTo } = walk(inQueue, byTurns(queues, turn), fits, room - due.length, after ?? '');
  const hasRest = queued > picked.length || allDue.length > due.length || capped.hasRest;
  const runs = [...picked.map((run) => ({ run, dueAt: null })), ...due, ...capped.picked].map((one) => lease(rows, one, worker));
  return { runs, hasRest, walkedTo };
}

/** From tenant to tenant of each queue, beginning behind `after`. */
function walk(queued: readonly MemoryRun[], queues: readonly string[], fits: (run: MemoryRun) => boolean, limit: number, after: string) {
  if (limit === 0) return { picked: [], walkedTo: after || null };
  if (limit <= 0) return { picked: [], walkedTo: after === '' ? null : after };
  let walkedTo: string | null = null;
  const ofQueue = Math.max(1, Math.floor(limit / queues.length));
  const rounds = queues.map((queue) => {
    const inQueue = queued.filter((run) => run.queue === queue);
    const tenants = [...new Set(inQueue.map((run) => run.tenant))].sort();
    const round = [...tenants.filter((tenant) => tenant > after), ...tenants.filter((tenant) => tenant <= after)].slice(0, ofQueue);
    if (round.length === ofQueue) walkedTo ??= round.at(-1) ?? null;
    return round.map((tenant) => inQueue.filter((run) => run.tenant === tenant && fits(run)).sort(byPriority));
  });
  const share = Math.max(1, Math.floor(limit / Math.max(1, rounds.flat().length)));
  // Of all queues the first tenant, then of all the second.
  const places = Array.from({ length: ofQueue }, (_, place) => rounds.flatMap((round) => round[place]?.slice(0, share) ?? []));
  return { picked: places.flat().slice(0, limit), walkedTo };
}

/** Each of them is the first one in its turn. */
function byTurns(queues: readonly string[], turn: number): readonly string[] {
  const place = (number: number) => (number + 1 + turn) % queues.length;
  return queues.map((queue, number) => ({ queue, place: place(number) })).sort((a, b) => a.place - b.place).map(({ queue }) => queue); // prettier-ignore
}

function dueOf(rows: MemoryRows, runs: readonly MemoryRun[]): (Picked & { readonly dueAt: number })[] {
  const now = rows.now();
  return runs
    .flatMap((run) => (run.status === 'waiting' && run.dueAt !== null && run.dueAt <= now ? [{ run, dueAt: run.dueAt }] : []))
    .sort((a, b) => a.dueAt - b.dueAt);
}

/** Those that hold the permit of a singleton and go on come first; those that are to be canceled have up to half of the rest, and what is left. */
function claimCapped(rows: MemoryRows, fits: (run: MemoryRun) => boolean, most: number, turn: number) {
  const capped = [...rows.runs.values()].filter((run) => run.permitKey !== null && fits(run));
  const rung = dueOf(rows, capped);
  const queued = capped.filter(({ status }) => status === 'queued');
  for (const { run } of rung) rows.setStatus(run, 'queued');
  const held = new Set(rows.permits.map(({ runId }) => runId));
  const picked: Picked[] = queued.filter(({ id }) => held.has(id)).slice(0, most).map((run) => ({ run, dueAt: passed(rows, run) })); // prettier-ignore
  const toCancel = queued.filter((run) => run.cancelRequestedAt !== null && !held.has(run.id) && mayEndNow(rows, run)).sort(byPriority);
  const left = most - picked.length;
  let room = left - Math.min(toCancel.length, Math.floor((left + (turn % 2)) / 2));
  let hasRest = rung.length > 0;
  for (const gate of new Set(queued.map(gateOf))) {
    const waiting = queued.filter((run) => gateOf(run) === gate && !held.has(run.id)).sort(byPriority);
    const cap = rows.caps.get(waiting[0]?.workflow ?? '');
    const free = (cap?.capacity ?? Infinity) - rows.permits.filter((permit) => permit.gate === gate).length;
    const taken = waiting.slice(0, Math.max(0, Math.min(free, room)));
    for (const run of taken) {
      const { tenant, workflow, id: runId, permitKey } = run;
      rows.permits.push({ gate, tenant, workflow, key: permitKey ?? '', runId, heldUntil: cap?.heldUntil ?? 'wait' });
      picked.push({ run, dueAt: passed(rows, run) });
    }
    if (waiting.length > taken.length && free > taken.length) hasRest = true;
    room -= taken.length;
  }
  const permitted = new Set(picked.map(({ run }) => run.id));
  const canEnd = toCancel.filter((run) => !permitted.has(run.id));
  const ending = canEnd.slice(0, most - picked.length);
  if (ending.length < canEnd.length) hasRest = true;
  return { picked: [...picked, ...ending.map((run) => ({ run, dueAt: null, onlyEnds: true }))], hasRest };
}

/** What has written down that it is ending has something to do before, unless it is forced. */
function mayEndNow({ journals, inboxes }: MemoryRows, { id }: MemoryRun): boolean {
  const isForced = inboxes.get(id)?.some(({ dedupeKey }) => dedupeKey === 'forced-cancel') ?? false;
  return isForced || !journals.get(id)?.some(({ type }) => type === 'ending.began');
}

function lease(rows: MemoryRows, { run, dueAt, onlyEnds }: Picked, worker: string): ClaimedRun {
  rows.setStatus(run, 'running');
  run.worker = worker;
  run.epoch++;
  run.dueAt = null;
  run.waitReasons = [];
  return { ...claimedRun(run), due_at: dueAt, only_ends: onlyEnds ?? false };
}

function claimedRun({ tenant, id, workflow, version, queue, epoch, attention, lastSeq, lineageRoot, actor, parentRun }: MemoryRun) {
  return { tenant, id, workflow, version, queue, epoch, attention, last_seq: lastSeq, lineage_root: lineageRoot, actor, parent_run: parentRun }; // prettier-ignore
}

export function nextDue(rows: MemoryRows, queues: readonly string[], needs: Needs): NextDue {
  const now = rows.now();
  const here = [...rows.runs.values()].filter((run) => queues.includes(run.queue));
  const due = here.flatMap(({ status, dueAt, needs: needed }) => {
    if (status !== 'waiting' || dueAt === null) return [];
    return needs.ordinary.includes(needed) || (needs.inIsolation.includes(needed) && dueAt > now) ? [dueAt] : [];
  });
  const isSuspect = (row: { readonly queue: string; readonly needs: string }) =>
    row.needs.startsWith(ISOLATION) && needs.inIsolation.includes(row.needs) && queues.includes(row.queue);
  const waitsForIsolation = (run: MemoryRun) => run.status === 'queued' || (run.status === 'waiting' && (run.dueAt ?? Infinity) <= now);
  const hasSuspects =
    here.some((run) => isSuspect(run) && waitsForIsolation(run)) ||
    [...rows.dispatches.values()].some((dispatch) => dispatch.status === 'queued' && isSuspect(dispatch));
  // Nobody gives shares to tenants here.
  return { inMs: due.length === 0 ? undefined : Math.min(...due) - now, hasSuspects, shares: NO_SHARES };
}

function passed(rows: MemoryRows, { dueAt }: MemoryRun): number | null {
  return dueAt !== null && dueAt <= rows.now() ? dueAt : null;
}

function gateOf({ tenant, workflow, permitKey }: MemoryRun): string {
  return JSON.stringify([tenant, workflow, permitKey]);
}

/** Higher priorities, then the older run: ids tell the age. */
function byPriority(a: MemoryRun, b: MemoryRun): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}
