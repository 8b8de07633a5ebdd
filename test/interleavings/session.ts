/**
 * One of the two sessions: runs a script on a connection of its own, and stops before each statement, at each gate inside one, and before
 * COMMIT or ROLLBACK, until it is let go.
 */
import { pgSql, type Sql } from '@stepwell/storage';
import pg from 'pg';
import { behindItsSnapshot, footprintOf, type Footprint, type Move, NO_FOOTPRINT, together } from './footprint.js';
import { type Gatekeeper, ROLE, type Side, SIDES } from './gates.js';
import type { Script, ScriptSession } from './script.js';
import type { World } from './world.js';

/** Where a session stands. `going` means that Postgres has the word: it works, or waits for a lock. */
export type Place =
  | { readonly kind: 'going' }
  | { readonly kind: 'stopped'; readonly next: Move; readonly letGo: () => Promise<void> }
  | { readonly kind: 'over' };

export type ScriptOutcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

const GOING: Place = { kind: 'going' };

const LOCKING = /\b(INSERT|UPDATE|DELETE)\b/;
/**
 * It has to find rows of tables with a look gate (see gates.ts) before it can lock anything. Others may lock with their first move; so may
 * a take-over, which begins with the workers, and what locks a dispatch when there is no run to look at.
 */
const LOOKS_FIRST = /^(?!.*\bUPDATE (?:workers|dispatches)\b).*(\bUPDATE (runs|tasks)\b|\bFROM (runs|tasks) [^;]*FOR NO KEY UPDATE\b)/s;

export class Session implements ScriptSession {
  place: Place = { kind: 'over' };
  outcome: ScriptOutcome | undefined;
  /** Set to let it go to its end without stopping again. */
  isFree = false;
  private isCapped = false;
  /** Of the statement under way, and of the whole transaction so far. */
  private footprint: Footprint = NO_FOOTPRINT;
  private touched: Footprint = NO_FOOTPRINT;
  /** Of the statement under way. */
  private firstGate: string | undefined;
  private changed: () => void = () => undefined;

  private constructor(
    readonly side: Side,
    private readonly client: pg.Client,
    private readonly gates: Gatekeeper,
    readonly pid: number,
  ) {
    // A connection that ends meanwhile shows in the query that needed it.
    client.on('error', () => undefined);
    client.on('notice', ({ message }) => this.onNotice(message ?? ''));
  }

  /** With the planner settings of the product, and a short patience with deadlocks. */
  static async connect(url: string, side: Side, gates: Gatekeeper): Promise<Session> {
    const options = `-c plan_cache_mode=force_generic_plan -c deadlock_timeout=200ms -c idle_in_transaction_session_timeout=0 -c interleaving.session=${SIDES[side]}`;
    const client = new pg.Client({ connectionString: url, options });
    await client.connect();
    await client.query(`SET ROLE ${ROLE}`);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return new Session(side, client, gates, rows[0]?.pid ?? 0);
  }

  /** Begins a script; it goes to its first stop. */
  begin(script: Script, world: World): void {
    this.outcome = undefined;
    this.isFree = false;
    this.isCapped = world.name === 'capped';
    this.place = GOING;
    script.run(this, world).then(
      (value) => this.end({ ok: true, value }),
      (error: unknown) => this.end({ ok: false, error }),
    );
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    await this.client.query('BEGIN');
    this.touched = NO_FOOTPRINT;
    const plain = pgSql(this.client);
    const sql: Sql = {
      query: async (statement, values) => {
        const { name, text } = statement;
        this.footprint = footprintOf(text, this.isCapped);
        const kind = LOCKING.test(text) && !LOOKS_FIRST.test(text) ? 'lock' : 'look';
        await this.stop({ at: name, kind, ...this.footprint });
        this.touched = together(this.touched, this.footprint);
        this.firstGate = undefined;
        const rows = await plain.query<never>(statement, values);
        const firstGate = this.firstGate as string | undefined;
        if (kind === 'look' && firstGate !== undefined && !firstGate.startsWith('look')) {
          throw new Error(`${name} came to "${firstGate}" before it had looked at anything; its first move is more than a look.`);
        }
        return rows;
      },
    };
    let result: T;
    try {
      result = await work(sql);
    } catch (error) {
      await this.stop({ at: 'ROLLBACK', kind: 'end', ...this.touched });
      await this.client.query('ROLLBACK');
      throw error;
    }
    await this.stop({ at: 'COMMIT', kind: 'end', ...this.touched });
    await this.client.query('COMMIT');
    return result;
  }

  /** Goes on until the next stop, a lock, or the end. */
  async letGo(): Promise<void> {
    if (this.place.kind !== 'stopped') throw new Error(`Session ${this.side} is ${this.place.kind}; it cannot be let go.`);
    const { letGo } = this.place;
    this.place = GOING;
    await letGo();
  }

  /** Goes to its end without stopping again; the gates have to be open. */
  async free(): Promise<void> {
    this.isFree = true;
    while (this.place.kind !== 'over') {
      const next = this.nextPlace();
      if (this.place.kind === 'stopped') await this.letGo();
      await next;
    }
  }

  /** Resolves when the session has come to another place. */
  nextPlace(): Promise<void> {
    return new Promise((resolve) => {
      this.changed = resolve;
    });
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** Cuts the connection off, whatever it is doing; the server rolls back. */
  async abandon(): Promise<void> {
    await this.gates.cutOff(this.pid);
    await this.client.end().catch(() => undefined);
  }

  private async stop(next: Move): Promise<void> {
    if (this.isFree) return;
    await new Promise<void>((resolve) => this.come({ kind: 'stopped', next, letGo: async () => resolve() }));
  }

  private onNotice(message: string): void {
    const [, gate, ...where] = /^gate (\d+) (.*)$/.exec(message) ?? [];
    if (gate === undefined) return;
    this.firstGate ??= where.join(' ');
    if (this.isFree) return;
    // Triggers that free permits have snapshots of their own.
    const rest = this.isCapped ? this.footprint : behindItsSnapshot(this.footprint);
    const next: Move = { at: where.join(' '), kind: 'lock', ...rest };
    this.come({ kind: 'stopped', next, letGo: () => this.gates.open(this.side, Number(gate)) });
  }

  private end(outcome: ScriptOutcome): void {
    this.outcome = outcome;
    this.come({ kind: 'over' });
  }

  private come(place: Place): void {
    this.place = place;
    this.changed();
  }
}
