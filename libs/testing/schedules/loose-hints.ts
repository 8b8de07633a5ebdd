/** Hints as a network brings them: late, in any order, twice, or not at all, as the schedule has it. */
import type { Chance } from '../../engine/testing/chance.js';
import { KitHints } from '../process/hints.js';

export class LooseHints extends KitHints {
  private readonly underWay: (readonly string[])[] = [];
  private isCalm = false;

  override wake(queues: Iterable<string>): void {
    if (this.isCalm) super.wake(queues);
    else this.underWay.push([...queues]);
  }

  /** Something becomes of one of those that are under way. @returns what; undefined when there is none */
  move(chance: Chance): string | undefined {
    const index = chance.below(Math.max(1, this.underWay.length));
    const hint = this.underWay[index];
    if (!hint) return undefined;
    const roll = chance.below(6);
    if (roll > 0) super.wake(hint);
    if (roll !== 1) this.underWay.splice(index, 1);
    const what = roll === 0 ? 'is lost' : roll === 1 ? 'comes, and will come again' : index > 0 ? 'comes before older ones' : 'comes';
    return `a hint for ${hint.join(', ')} ${what}`;
  }

  /** From now on each comes at once. */
  calm(): void {
    this.isCalm = true;
    for (const hint of this.underWay.splice(0)) super.wake(hint);
  }
}
