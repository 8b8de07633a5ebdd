import { outerIteration } from './graph/iteration.js';

/** A place in a run: a path and the iteration that it is in. */
interface Place {
  readonly path: string;
  readonly iteration: string;
}

/**
 * What the state keeps of each iteration, by path: so that a loop forgets a turn without a look at all the rest. It follows from what is
 * added to the state, and says nothing of its own.
 */
export class IterationIndex {
  readonly #paths = new Map<string, Set<string>>();
  /** The iterations of loops inside of an iteration. */
  readonly #inner = new Map<string, Set<string>>();

  /** @param keepsAll for those who read a whole run: nothing is ever taken out */
  constructor(private readonly keepsAll = false) {}

  add(path: string, iteration: string): void {
    if (iteration === '') return;
    addTo(this.#paths, iteration, path);
    for (let inner = iteration, depth = depthOf(iteration) - 1; depth > 0; depth--) {
      const outer = outerIteration(iteration, depth);
      addTo(this.#inner, outer, inner);
      inner = outer;
    }
  }

  /** What is below a path in an iteration, and in the iterations of the loops in it. */
  *in(below: string, iteration: string): Iterable<Place> {
    for (const path of this.#paths.get(iteration) ?? []) if (path.startsWith(`${below}/`)) yield { path, iteration };
    for (const inner of this.#inner.get(iteration) ?? []) yield* this.in(below, inner);
  }

  /** Takes out and returns that. */
  take(below: string, iteration: string): Place[] {
    if (this.keepsAll) return [];
    const taken: Place[] = [];
    const paths = this.#paths.get(iteration);
    for (const path of paths ?? []) {
      if (!path.startsWith(`${below}/`)) continue;
      paths?.delete(path);
      taken.push({ path, iteration });
    }
    if (paths?.size === 0) this.#paths.delete(iteration);
    const inner = this.#inner.get(iteration);
    for (const one of inner ?? []) {
      taken.push(...this.take(below, one));
      if (!this.#paths.has(one) && !this.#inner.has(one)) inner?.delete(one);
    }
    if (inner?.size === 0) this.#inner.delete(iteration);
    return taken;
  }
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

function depthOf(iteration: string): number {
  return iteration.split('.').length;
}
