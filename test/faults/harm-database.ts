/** Harm to the database: it ends, or is there and takes nothing. Where it is not enough that a switch was thrown, a process has to have been refused. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Database } from '../crash/database.js';
import type { Random } from '../crash/random.js';
import type { Disk } from './disk.js';
import type { DatabaseFault } from './faults.js';
import type { Outages } from './outages.js';
import type { System } from './system.js';

/** In milliseconds. */
export interface Recovery {
  /** From the end of the database until it took connections. */
  readonly connections: number;
  /** From then on until an operation was acknowledged; null: none was for so long that nobody waited longer. */
  readonly acknowledged: number | null;
}

export interface Patient {
  readonly system: System;
  readonly database: Database;
  readonly disk: Disk;
  readonly outages: Outages;
  /** How often a process was refused with this SQLSTATE, by the database itself. */
  readonly refusals: (code: string) => number;
  /** Operations that were acknowledged by now. */
  readonly acknowledged: () => number;
  /** Nobody waits any more. */
  readonly isOver: () => boolean;
  readonly onRecovery: (recovery: Recovery) => void;
}

export const RECOVERY_LIMIT_MS = 60_000;
/** What a process was told is known here a moment later. */
const HEARSAY_MS = 200;
/** So many ask for a connection at once: whoever had one is to find none. */
const CROWD = 8;
const CUT_EVERY_MS = 200;
/** A busy machine takes its time for a hundred connections. */
const MOST_FILLING_MS = 15_000;

/** @returns whether it was done */
export function harmDatabase(patient: Patient, fault: DatabaseFault, chance: Random): Promise<boolean> {
  switch (fault) {
    case 'database-stop':
      return restart(patient, 'immediate');
    case 'database-kill':
      return restart(patient, 'kill');
    case 'connections-cut':
      return cutConnections(patient, chance);
    case 'pool':
      return refusing(patient, '53300', () => useUpConnections(patient, chance));
    case 'read-only':
      return refusing(patient, '25006', () => beReadOnly(patient, chance.between(1_000, 3_000)));
    case 'disk-full':
      return refusing(patient, '53100', async () => {
        patient.disk.fill();
        await delay(chance.between(1_000, 3_000));
        patient.disk.free();
      });
  }
}

async function restart({ system, outages, acknowledged, isOver, onRecovery }: Patient, how: 'immediate' | 'kill'): Promise<true> {
  const connections = await outages.during(() => system.restartDatabase(how));
  const [began, before] = [performance.now(), acknowledged()];
  while (acknowledged() === before) {
    if (isOver()) return true;
    if (performance.now() - began > RECOVERY_LIMIT_MS) break;
    await delay(10);
  }
  const ms = acknowledged() === before ? null : Math.round(performance.now() - began);
  onRecovery({ connections: Math.round(connections), acknowledged: ms });
  return true;
}

async function cutConnections({ database }: Patient, chance: Random): Promise<boolean> {
  const [cut] = await database.surely<{ n: number }>(
    "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))::int AS n FROM pg_stat_activity WHERE application_name NOT IN ('crash test', 'a crowd') AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND random() < $1",
    [chance.between(0.2, 1)],
  );
  return (cut?.n ?? 0) > 0;
}

async function refusing({ outages, refusals }: Patient, code: string, work: () => Promise<void>): Promise<boolean> {
  const before = refusals(code);
  await outages.during(work);
  await delay(HEARSAY_MS);
  return refusals(code) > before;
}

/**
 * Takes every slot that is left, and then, for a while, each that gets free. Whoever keeps the connections that it has would not notice, so parts
 * of them are ended when the slots are taken; who is quick enough gets one before the crowd does, and loses it again.
 */
async function useUpConnections(patient: Patient, chance: Random): Promise<void> {
  const held: pg.Client[] = [];
  const forMs = chance.between(1_000, 4_000);
  let until = performance.now() + MOST_FILLING_MS;
  let isFull = false;
  const crowd = Array.from({ length: CROWD }, async () => {
    while (performance.now() < until) {
      const client = await join(patient.database.url);
      if (client) held.push(client);
      else {
        if (!isFull) [isFull, until] = [true, performance.now() + forMs];
        await delay(20);
      }
    }
  });
  while (performance.now() < until) {
    if (isFull) await cutConnections(patient, chance);
    await delay(CUT_EVERY_MS);
  }
  await Promise.all(crowd);
  await Promise.all(held.map((client) => client.end().catch(() => undefined)));
}

/** @returns undefined when there is no room */
async function join(url: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: url, application_name: 'a crowd' });
  client.on('error', () => undefined);
  return client.connect().then(
    () => client,
    () => undefined,
  );
}

async function beReadOnly({ database }: Patient, forMs: number): Promise<void> {
  await database.surely('ALTER SYSTEM SET default_transaction_read_only = on');
  await database.surely('SELECT pg_reload_conf()');
  await delay(forMs);
  await database.surely('ALTER SYSTEM RESET default_transaction_read_only');
  await database.surely('SELECT pg_reload_conf()');
}
