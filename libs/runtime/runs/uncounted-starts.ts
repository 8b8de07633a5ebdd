/**
 * The starts of this process that no count has seen yet. They are kept apart by the count that will have seen them, so that one which is
 * taken back is subtracted once: here, or by the count.
 */
export class UncountedStarts {
  private lots = [new Lot()];

  /** @returns takes the start back, which was none or does not queue; a second call changes nothing */
  note(tenant: string): () => void {
    const lot = this.lots.at(-1) as Lot;
    lot.add(tenant, 1);
    let isNoted = true;
    return () => {
      if (isNoted) lot.add(tenant, -1);
      isNoted = false;
    };
  }

  get all(): number {
    return sum(this.lots);
  }

  of(tenant: string): number {
    return this.lots.reduce((total, lot) => total + (lot.of.get(tenant) ?? 0), 0);
  }

  /**
   * A count begins. What is started during it may be in it or not, and stays.
   *
   * @returns call it when the count has succeeded: what was started before is in it, and is dropped. It returns how many these were
   */
  beginCount(): () => number {
    // Those of counts that have failed would pile up.
    const before = this.lots.filter(({ all }) => all > 0);
    this.lots = [...before, new Lot()];
    return () => {
      this.lots = this.lots.filter((lot) => !before.includes(lot));
      return sum(before);
    };
  }
}

/** What was started between the beginnings of two counts. */
class Lot {
  all = 0;
  readonly of = new Map<string, number>();

  add(tenant: string, count: number): void {
    const started = (this.of.get(tenant) ?? 0) + count;
    this.all += count;
    if (started > 0) this.of.set(tenant, started);
    else this.of.delete(tenant);
  }
}

function sum(lots: readonly Lot[]): number {
  return lots.reduce((total, { all }) => total + all, 0);
}
