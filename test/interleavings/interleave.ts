/**
 * Runs two scripts on two sessions in every order that their stops allow, each order in a fresh world, and hands each ending to `check`.
 *
 * It walks the tree of choices "who goes on now" depth first (choices.ts says which of them matter); an order is played from its
 * beginning. A session that waits for a lock of the other has no choice; that it waits is asked of Postgres (pg_blocking_pids), never
 * guessed from time. When both wait for each other, Postgres ends one of them, which fails the test.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Choices } from './choices.js';
import type { Move } from './footprint.js';
import { BOTH, Gatekeeper, type Side } from './gates.js';
import type { Script } from './script.js';
import { type ScriptOutcome, Session } from './session.js';
import { clearWorld, INSTALL_WORLDS, makeWorld, type World, type WorldName } from './world.js';
import type { TestDatabase } from '../postgres/test-database.js';

/** One order, played to its end. */
export interface Ending {
  readonly world: World;
  readonly a: ScriptOutcome;
  readonly b: ScriptOutcome;
  /** The order in words, for messages: `a: append-inbox`, `b waits for a` ... */
  readonly trace: readonly string[];
  /** Which session's COMMIT or ROLLBACK came last of its script: who was later. */
  readonly commits: readonly Side[];
}

export interface Encounter {
  readonly a: Script;
  readonly b: Script;
  readonly world: WorldName;
  readonly check: (ending: Ending) => Promise<void> | void;
}

/** A pair with more orders than this needs a smaller script. */
const MAX_ORDERS = 500;

/** For a session that neither stops nor waits for the other: then a script is at fault. Long, for a busy machine. */
const PATIENCE_MS = 60_000;

export class Interleaver {
  private constructor(
    private readonly database: TestDatabase,
    private readonly gates: Gatekeeper,
    private sessions: Readonly<Record<Side, Session>>,
  ) {}

  static async open(database: TestDatabase): Promise<Interleaver> {
    await database.pool.query(INSTALL_WORLDS);
    const gates = await Gatekeeper.install(database);
    return new Interleaver(database, gates, await connectBoth(database, gates));
  }

  async close(): Promise<void> {
    await this.gates.openAll();
    await this.sessions.a.close();
    await this.sessions.b.close();
    await this.gates.close();
  }

  /** @returns how many orders were played */
  async interleave({ a, b, world, check }: Encounter): Promise<number> {
    let orders = 0;
    for (const choices = new Choices(); ;) {
      const place = await makeWorld(this.database.pool, world);
      try {
        const ending = await this.play({ a, b }, place, choices);
        if (ending) await checked(ending, check);
        if (ending && ++orders > MAX_ORDERS)
          throw new Error(`${a.name} and ${b.name} have more than ${MAX_ORDERS} orders; make a script smaller.`);
        await this.finish();
      } catch (error) {
        await this.startAnew();
        throw error;
      } finally {
        await clearWorld(this.database.pool, place);
      }
      if (!choices.turnBack()) return orders;
    }
  }

  /** @returns nothing when the order is one that was played before, but for the sequence of independent moves */
  private async play(scripts: Readonly<Record<Side, Script>>, world: World, choices: Choices): Promise<Ending | undefined> {
    const { a, b } = this.sessions;
    await this.gates.shutAll();
    const trace: string[] = [];
    const commits: Side[] = [];
    for (const side of BOTH) this.sessions[side].begin(scripts[side], world);
    let last: { readonly side: Side; readonly move: Move } | undefined;
    for (let depth = 0; ; depth++) {
      const movable = await this.settle(trace);
      if (last && choices.isNew(depth)) choices.made(await this.rowsOf(last.side, last.move, world));
      if (movable.length === 0) break;
      const side = choices.at(depth, new Map(movable.map((one) => [one, this.nextMove(one)])));
      if (side === undefined) return undefined;
      if (!movable.includes(side)) throw new Error(`The order is not the same twice: ${side} cannot go on.\n${trace.join('\n')}`);
      last = { side, move: this.nextMove(side) };
      await this.move(side, trace, commits);
    }
    if (!a.outcome || !b.outcome) throw new Error(`A script has no outcome.\n${trace.join('\n')}`);
    return { world, a: a.outcome, b: b.outcome, trace, commits };
  }

  /** Rows that a move may have come to. One that passes over what is locked may have met whatever the other one holds. */
  private async rowsOf(side: Side, { kind, skips, contends }: Move, world: World): Promise<ReadonlySet<string> | undefined> {
    const [me, other] = side === 'a' ? [this.sessions.a, this.sessions.b] : [this.sessions.b, this.sessions.a];
    if (kind !== 'lock' || me.place.kind !== 'stopped') return undefined;
    return this.gates.heldRows(world.tenant, { me: me.pid, other: other.pid, places: skips ? [...contends] : [] });
  }

  private nextMove(side: Side): Move {
    const { place } = this.sessions[side];
    if (place.kind !== 'stopped') throw new Error(`Session ${side} is ${place.kind}; it has no next move.`);
    return place.next;
  }

  private async move(side: Side, trace: string[], commits: Side[]): Promise<void> {
    const { at } = this.nextMove(side);
    trace.push(`${side}: ${at}`);
    if (at === 'COMMIT') commits.push(side);
    await this.sessions[side].letGo();
  }

  /** After a failure nobody knows where the sessions stand; the next pair gets new ones. */
  private async startAnew(): Promise<void> {
    await this.gates.openAll();
    await Promise.all(BOTH.map((side) => this.sessions[side].abandon()));
    this.sessions = await connectBoth(this.database, this.gates);
  }

  /** Whatever is still under way goes to its end. */
  private async finish(): Promise<void> {
    const { a, b } = this.sessions;
    if (a.place.kind === 'over' && b.place.kind === 'over') return;
    a.isFree = b.isFree = true;
    await this.gates.openAll();
    await Promise.all([a.free(), b.free()]);
  }

  /** Waits until each session has stopped, is over, or waits for a lock of one that has stopped. @returns who can be let go */
  private async settle(trace: string[]): Promise<Side[]> {
    const sessions = BOTH.map((side) => this.sessions[side]);
    for (const since = Date.now(); ;) {
      if (Date.now() - since > PATIENCE_MS)
        throw new Error(
          `Nobody came to a stop: ${sessions.map(({ side, place }) => `${side} is ${place.kind}`).join(', ')}.\n${trace.join('\n')}`,
        );
      const going = sessions.filter(({ place }) => place.kind === 'going');
      if (going.length === 0) break;
      const moved = Promise.race(going.map((session) => session.nextPlace()));
      // Whoever comes to a place meanwhile ends the wait at once.
      if (await Promise.race([moved.then(() => true), pause(1).then(() => false)])) continue;
      const blocked = await Promise.race([moved.then(() => undefined), this.gates.blocked(going.map(({ pid }) => pid))]);
      const waiting = going.filter(
        ({ pid, place }) =>
          place.kind === 'going' && (blocked?.get(pid) ?? []).some((blocker) => sessions.some((other) => other.pid === blocker)),
      );
      if (blocked && going.length === 1 && waiting.length === 1) {
        const [one] = waiting;
        const line = `   ${one?.side} waits for ${one?.side === 'a' ? 'b' : 'a'}`;
        if (trace.at(-1) !== line) trace.push(line);
        break;
      }
    }
    return sessions.filter(({ place }) => place.kind === 'stopped').map(({ side }) => side);
  }
}

async function connectBoth(database: TestDatabase, gates: Gatekeeper): Promise<Record<Side, Session>> {
  return { a: await Session.connect(database.url, 'a', gates), b: await Session.connect(database.url, 'b', gates) };
}

async function checked(ending: Ending, check: Encounter['check']): Promise<void> {
  try {
    await check(ending);
  } catch (error) {
    if (error instanceof Error)
      error.message += `\n\nThe order was:\n${ending.trace.join('\n')}\nOutcomes: ${JSON.stringify({ a: shown(ending.a), b: shown(ending.b) })}`;
    throw error;
  }
}

function shown(outcome: ScriptOutcome): unknown {
  return outcome.ok ? outcome.value : String(outcome.error);
}
