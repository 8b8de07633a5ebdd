/** The harm that was done, by fault, and when. What was only meant to be done is not in it. */
import { type Fault, FAULTS } from './faults.js';

export class Tally {
  private readonly moments = new Map<Fault, number[]>(FAULTS.map((fault) => [fault, []]));

  /** @param at milliseconds, as of `performance.now()` */
  note(fault: Fault, at = performance.now()): void {
    this.moments.get(fault)?.push(at);
  }

  of(fault: Fault): number {
    return this.at(fault).length;
  }

  at(fault: Fault): readonly number[] {
    return this.moments.get(fault) ?? [];
  }

  /** How often in each of so many equal parts of the time between the two. */
  inParts(fault: Fault, parts: number, from: number, to: number): number[] {
    const counts = Array.from({ length: parts }, () => 0);
    for (const at of this.at(fault)) {
      const part = Math.min(parts - 1, Math.floor(((at - from) / (to - from)) * parts));
      if (part >= 0 && at <= to) counts[part] = (counts[part] ?? 0) + 1;
    }
    return counts;
  }
}
