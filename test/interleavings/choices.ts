/**
 * Which orders of two sessions' moves are worth playing: of those that differ only in the sequence of moves that do not depend on each
 * other, one. Dynamic partial-order reduction (Flanagan and Godefroid, POPL 2005) with sleep sets (Godefroid 1996):
 *
 * - A point is come back to only for a race: when a move of one session, made later, depends on the move that the other made there.
 * - A move that was tried at a point is not tried again behind moves that it does not depend on.
 *
 * Whether two moves depend on each other is known best when both have been made (footprint.ts), so a race is looked for behind a move.
 */
import { isDependent, type Move } from './footprint.js';
import { BOTH, type Side } from './gates.js';

/** A point of the order that is being played. */
interface Point {
  /** Who could go on, and with what. */
  readonly moves: ReadonlyMap<Side, Move>;
  /** Whose next move need not come next here: all that follows was played before. The move, as it was made then. */
  readonly asleep: ReadonlyMap<Side, Move>;
  /** Who went on, now or earlier. The last one is who does now. */
  readonly tried: Side[];
  /** Their moves, with what became known when they were made. */
  readonly made: Map<Side, Move>;
  /** Who has to be tried. */
  readonly wanted: Set<Side>;
}

export class Choices {
  private readonly points: Point[] = [];

  /**
   * @param depth how many moves came before
   * @param moves who can go on, and with what
   * @returns who goes on; nobody when everything that can follow was played before
   */
  at(depth: number, moves: ReadonlyMap<Side, Move>): Side | undefined {
    const known = this.points[depth];
    if (known) return known.tried.at(-1);
    const asleep = this.asleepBehind(this.points.at(-1), moves);
    const first = BOTH.find((side) => moves.has(side) && !asleep.has(side));
    if (first !== undefined) this.points.push({ moves, asleep, tried: [first], made: new Map(), wanted: new Set([first]) });
    return first;
  }

  /** Whether the move before this depth was made for the first time, so that its rows are still to be told. */
  isNew(depth: number): boolean {
    const point = this.points[depth - 1];
    return point !== undefined && !point.made.has(madeBy(point));
  }

  /**
   * The last move has been made.
   *
   * @param rows what its session holds behind it; nothing when it waits for the other one
   */
  made(rows: ReadonlySet<string> | undefined): void {
    const point = this.points.at(-1);
    if (!point) return;
    const side = madeBy(point);
    const move = { ...(point.moves.get(side) as Move), ...(rows && { rows }) };
    point.made.set(side, move);
    // The last move of the other that it depends on could have come after it.
    const race = this.points.findLast((one) => one !== point && madeBy(one) !== side && isDependent(moveMadeAt(one), move));
    if (race?.moves.has(side)) race.wanted.add(side);
  }

  /** Goes back to the last point where somebody else has to be tried. @returns false when there is none */
  turnBack(): boolean {
    for (let point = this.points.at(-1); point; point = this.points.at(-1)) {
      const { wanted, tried, asleep } = point;
      const next = [...wanted].find((side) => !tried.includes(side) && !asleep.has(side));
      if (next !== undefined) {
        tried.push(next);
        return true;
      }
      this.points.pop();
    }
    return false;
  }

  private asleepBehind(point: Point | undefined, moves: ReadonlyMap<Side, Move>): ReadonlyMap<Side, Move> {
    if (!point) return new Map();
    const move = moveMadeAt(point);
    const candidates = [...point.asleep, ...point.made];
    return new Map(candidates.filter(([side, theirs]) => side !== madeBy(point) && moves.has(side) && !isDependent(move, theirs)));
  }
}

function madeBy({ tried }: Point): Side {
  return tried.at(-1) as Side;
}

/** With its rows, once they are known. */
function moveMadeAt(point: Point): Move {
  const side = madeBy(point);
  return point.made.get(side) ?? (point.moves.get(side) as Move);
}
