/**
 * Which orders of two sessions' moves are worth playing: of those that differ only in the sequence of moves that do not depend on each
 * other, one. Dynamic partial-order reduction (Flanagan and Godefroid, POPL 2005) with sleep sets (Godefroid 1996):
 *
 * - A point is come back to only for a race: when a move of one session, made later, depends on the move that the other made there.
 * - A move that was tried at a point is not tried again behind moves that it does not depend on.
 */
import { isDependent, type Move } from './footprint.js';
import { BOTH, type Side } from './gates.js';

/** A point of the order that is being played. */
interface Point {
  /** Who could go on, and with what. */
  readonly moves: ReadonlyMap<Side, Move>;
  /** Whose next move need not come next here: all that follows was played before. */
  readonly asleep: ReadonlySet<Side>;
  /** Who went on, now or earlier. The last one is who does now. */
  readonly tried: Side[];
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
    this.wantRaces(moves);
    const asleep = this.asleepBehind(this.points.at(-1), moves);
    const first = BOTH.find((side) => moves.has(side) && !asleep.has(side));
    if (first !== undefined) this.points.push({ moves, asleep, tried: [first], wanted: new Set([first]) });
    return first;
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

  /** For the next move of each session: the last move of the other that it depends on could have come after it. */
  private wantRaces(moves: ReadonlyMap<Side, Move>): void {
    for (const [side, move] of moves) {
      const race = this.points.findLast((point) => point.tried.at(-1) !== side && isDependent(madeAt(point), move));
      if (race?.moves.has(side)) race.wanted.add(side);
    }
  }

  private asleepBehind(point: Point | undefined, moves: ReadonlyMap<Side, Move>): ReadonlySet<Side> {
    if (!point) return new Set();
    const [made, move] = [point.tried.at(-1), madeAt(point)];
    const candidates = new Set([...point.asleep, ...point.tried]);
    return new Set(
      [...candidates].filter((side) => {
        const theirs = point.moves.get(side);
        return side !== made && moves.has(side) && theirs !== undefined && !isDependent(move, theirs);
      }),
    );
  }
}

function madeAt({ moves, tried }: Point): Move {
  return moves.get(tried.at(-1) as Side) as Move;
}
