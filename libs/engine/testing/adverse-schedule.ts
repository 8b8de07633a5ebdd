/** Plays a run under a schedule by chance: of all that may happen next anything does, and the worker dies and clocks jump in between. */
import type { GraphNode } from '../graph/graph.js';
import type { Chance } from './chance.js';
import { LET_TIME_PASS, type RunDriver } from './run-driver.js';

/** Crashes per run; enough to hit every kind of moment over all runs, few enough that each run ends. */
const MAX_CRASHES = 8;
const MAX_JUMPS = 3;
/** Clocks are set back, too. */
const JUMPS_MS = [-30_000, 1, 60_000, 3_600_000];

/** In how many schedules something happened, by what it was. */
export class Tally {
  private readonly schedules = new Map<string, number>();

  /** @param isOne of one schedule: nothing is asked of it */
  constructor(private readonly isOne: boolean) {}

  /** @param seen what happened in a schedule */
  add(seen: Iterable<string>): void {
    for (const what of seen) this.schedules.set(what, (this.schedules.get(what) ?? 0) + 1);
  }

  /** @throws Error when one of these happened in fewer schedules */
  mustHaveSeen(least: number, these: readonly string[]): void {
    const rare = these
      .filter((what) => (this.schedules.get(what) ?? 0) < least)
      .map((what) => `${what} (${this.schedules.get(what) ?? 0})`);
    if (rare.length > 0 && !this.isOne) throw new Error(`In fewer than ${least} schedules: ${rare.join(', ')}.`);
  }
}

/**
 * @param meddle called before each move
 * @param show is told of each move, and of the facts that it wrote
 * @returns what happened: `crash`, `clock jump`, `time passes`, and of the journal `type` each type of fact and `kind` each kind of node that was reached
 * @throws Error when the run does not end, or a rule is broken
 */
export async function drive(
  driver: RunDriver,
  chance: Chance,
  meddle: () => void = () => undefined,
  show?: (move: string) => void,
): Promise<Set<string>> {
  const { journal } = driver.database;
  let shown = 0;
  const tell = (move: string): void => {
    if (!show) return;
    const facts = journal.slice(shown).map(({ type, path, iteration }) => `${type} ${path}${iteration && `#${iteration}`}`.trim());
    shown = journal.length;
    show(facts.length > 0 ? `${move}: ${facts.join(', ')}` : move);
  };
  const seen = new Set<string>();
  let crashes = 0;
  let jumps = 0;
  for (let count = 0; count < 5_000; count++) {
    meddle();
    const moves = driver.moves();
    if (moves.length === 0) return reached(driver, seen);
    if (crashes < MAX_CRASHES && chance.below(10) === 0) {
      crashes++;
      seen.add('crash');
      driver.crash();
      tell('crash');
    } else if (jumps < MAX_JUMPS && chance.below(40) === 0) {
      jumps++;
      seen.add('clock jump');
      const jump = chance.of(JUMPS_MS);
      driver.now = Math.max(1_000, driver.now + jump);
      tell(`the clock jumps by ${jump} ms`);
    } else {
      const { name, make } = chance.of(moves);
      if (name === LET_TIME_PASS) seen.add('time passes');
      await make();
      tell(name);
    }
  }
  throw new Error('The run does not end.');
}

function reached({ database, graph }: RunDriver, seen: Set<string>): Set<string> {
  for (const { type, path } of database.journal) {
    seen.add(type);
    for (let node: GraphNode | undefined = graph.byPath.get(path); node; node = node.parent.owner) seen.add(node.definition.kind);
  }
  return seen;
}
