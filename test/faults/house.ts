/** The house of a campaign: everything that is started for it, and ended with it, however it goes. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '@stepwell/storage';
import { Database } from '../crash/database.js';
import { compileProgram, keepFolder } from '../crash/program.js';
import { Random } from '../crash/random.js';
import { LEASE_LOG } from '../engine/lease-log.js';
import { RedisServer } from '../redis/redis-server.js';
import { Disk } from './disk.js';
import { type Mutation, type MutationName, MUTATIONS } from './failpoints/mutations.js';
import { Client } from './load/client.js';
import { Journal } from './load/journal.js';
import { type Keys, Operations } from './load/operations.js';
import type { Fault } from './faults.js';
import { Nemesis } from './nemesis.js';
import { makeProcesses } from './processes.js';
import { Proxy } from './proxy.js';
import { BY_PROXY, System } from './system.js';
import { TakeOvers } from './take-overs.js';
import { type Tenant, TENANTS } from './tenants.js';
import { BOOKINGS } from './workflows/bookings.js';

/** A fifth of the product's: the same rules in less time. */
export const LEASE_MS = 3_000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** For the runs of a minute, and what they write. */
const DISK_MB = { least: 400, aMinute: 60 };

/** The schedule is as old as that, and so are its times: all its nights are made up for when the first worker starts. */
const A_YEAR_AGO = `INSERT INTO schedules (tenant, id, workflow, cron, zone, overlap, catch_up, settled_until, rule_since)
  SELECT tenant, 'nightly', 'nightly', '30 2 * * *', 'Europe/Berlin', 'allow', 'all', now() - interval '1 year', now() - interval '1 year' FROM unnest($1::text[]) AS tenant`;

export interface HouseOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Only these faults; all by default. */
  readonly only?: readonly Fault[] | undefined;
  /** Pauses between faults are so many times as long; 1 by default. */
  readonly calm?: number;
  /** What hints go by: PostgreSQL by default, or a Redis of the house, to which harm is done, too. */
  readonly queue?: 'postgres' | 'redis';
  /** A known bug in the processes: see mutations.ts. */
  readonly mutation?: MutationName | null;
  readonly log: (line: string) => void;
}

export interface House {
  /** Data, logs and the journal. */
  readonly folder: string;
  readonly database: Database;
  readonly system: System;
  readonly nemesis: Nemesis;
  readonly takeOvers: TakeOvers;
  readonly journal: Journal;
  readonly client: Client;
  /** Of each tenant. */
  readonly operations: readonly [Operations, Operations];
  readonly random: Random;
  /** Processes that ended although nobody ended them, and no step of theirs did. */
  readonly endedByThemselves: readonly string[];
}

/** How a step ends its process: `process.exit(7)`, and V8 without memory. */
const BY_POISON: readonly (number | NodeJS.Signals)[] = [7, 134, 'SIGABRT'];

/** @param work in the house, when all is up; the house is closed behind it */
export async function inHouse<T>(
  { minutes, seed, only, calm = 1, queue = 'postgres', mutation = null, log }: HouseOptions,
  work: (house: House) => Promise<T>,
): Promise<T> {
  const { folder } = await compileProgram(ROOT);
  const processes = await makeProcesses(ROOT, folder, mutation);
  const database = new Database();
  const journal = new Journal(join(folder, 'journal.jsonl'));
  const disk = new Disk(folder, DISK_MB.least + Math.ceil(DISK_MB.aMinute * minutes));
  const takeOvers = new TakeOvers(database);
  const random = new Random(seed ^ 0x10ad);
  const endedByThemselves: string[] = [];
  const redis = queue === 'redis' ? await RedisServer.start() : undefined;
  const proxy = new Proxy(() => system.postgresPort);
  const system: System = new System({
    ...{ processes, folder, database, redisUrl: redis?.url, leaseMs: LEASE_MS, mutation },
    termsOf: (slot) => nemesis.termsOf(slot),
    addressOf: (slot, url) => (slot === BY_PROXY ? url.replace(/:\d+\//, `:${proxy.port}/`) : url),
    onReady: (life) => nemesis.onReady(life),
    onFired: (life, what) => nemesis.onFired(life, what),
    onRefused: (code) => nemesis.onRefused(code),
    onEnded: (life, how) => {
      log(`${life.name} ended by itself: ${how}`);
      if (!nemesis.hasPoisoned || !BY_POISON.includes(how)) endedByThemselves.push(`${life.name} (${how})`);
    },
  });
  const client = new Client(
    () => system.serverPort,
    journal,
    () => random.next(),
  );
  let operations: House['operations'] | undefined;
  const nemesis: Nemesis = new Nemesis({
    ...{ system, database, seed, leaseMs: LEASE_MS, proxy, disk, redis, takeOvers, only, calm, log },
    acknowledged: () => journal.total.acknowledged,
    poison: async (harm) => operations !== undefined && (await random.pick(operations).start('poison', { harm })) !== undefined,
  });
  try {
    await system.startDatabase();
    await proxy.start();
    await migrate(database.url);
    await database.query(BOOKINGS);
    await database.query(A_YEAR_AGO, [TENANTS]);
    await database.query(LEASE_LOG);
    const { sql }: Partial<Mutation> = mutation ? MUTATIONS[mutation] : {};
    if (sql) await database.query(sql);
    const operationsOf = async (tenant: Tenant) => new Operations(client, journal, await makeKeys(database, tenant));
    operations = [await operationsOf(TENANTS[0]), await operationsOf(TENANTS[1])];
    if (only?.includes('disk-full') ?? true) await disk.take(database);
    await system.startProcesses();
    return await work({ folder, database, system, nemesis, takeOvers, journal, client, operations, random, endedByThemselves });
  } catch (error) {
    keepFolder(folder);
    log(`Logs, data and the journal are in ${folder}.`);
    throw error;
  } finally {
    client.stop();
    takeOvers.stop();
    await system.close();
    await database.close();
    proxy.close();
    disk.release();
    await redis?.stop();
  }
}

/** An operator's key, and those of three people, who made them themselves: they are three where it counts who has said something. */
async function makeKeys(database: Database, tenant: Tenant): Promise<Keys> {
  const make = async (name: string, role: string): Promise<string> => {
    const key = `stepwell_${Buffer.from(tenant).toString('base64url')}.${randomBytes(32).toString('base64url')}`;
    await database.query(
      `INSERT INTO api_keys (tenant, name, role, key_hash, created_by, expires_at) VALUES ($4, $1, $2, $3, jsonb_build_object('kind', 'user', 'id', $1::text, 'name', $1), now() + interval '1 day')`,
      [name, role, createHash('sha256').update(key).digest('base64url'), tenant],
    );
    return key;
  };
  return {
    operator: await make('operator', 'operator'),
    deciders: [await make('ann', 'reviewer'), await make('bob', 'reviewer'), await make('cy', 'reviewer')],
  };
}
