import { nodeKey } from './graph/iteration.js';

/**
 * What a state keeps at its places, each a path in an iteration: found without making a key, and let go of by iteration, so that a loop
 * forgets a turn without a look at all the rest.
 */
export class ByIteration<Value> {
  /** Made with the first value: of the places that a state keeps things at most stay empty. */
  #turns: Map<string, Map<string, Value>> | undefined;
  /** The iterations of loops inside of an iteration. */
  #inner: Map<string, Set<string>> | undefined;

  get size(): number {
    let size = 0;
    for (const turn of this.#turns?.values() ?? []) size += turn.size;
    return size;
  }

  get(path: string, iteration: string): Value | undefined {
    return this.#turns?.get(iteration)?.get(path);
  }

  has(path: string, iteration: string): boolean {
    return this.#turns?.get(iteration)?.has(path) ?? false;
  }

  set(path: string, iteration: string, value: Value): void {
    const turns = (this.#turns ??= new Map<string, Map<string, Value>>());
    let turn = turns.get(iteration);
    if (!turn) {
      turn = new Map();
      turns.set(iteration, turn);
      this.#link(iteration);
    }
    turn.set(path, value);
  }

  delete(path: string, iteration: string): void {
    this.#turns?.get(iteration)?.delete(path);
  }

  clear(): void {
    this.#turns = undefined;
    this.#inner = undefined;
  }

  *values(): IterableIterator<Value> {
    for (const turn of this.#turns?.values() ?? []) yield* turn.values();
  }

  /** With the key of each place. */
  *[Symbol.iterator](): IterableIterator<[string, Value]> {
    for (const [iteration, turn] of this.#turns ?? []) for (const [path, value] of turn) yield [nodeKey(path, iteration), value];
  }

  /** What is below a path in an iteration, and in the iterations of the loops in it. */
  *in(below: string, iteration: string): IterableIterator<Value> {
    for (const [path, value] of this.#turns?.get(iteration) ?? []) if (path.startsWith(`${below}/`)) yield value;
    for (const inner of this.#inner?.get(iteration) ?? []) yield* this.in(below, inner);
  }

  /** Takes out and returns that. */
  take(below: string, iteration: string): Value[] {
    const taken: Value[] = [];
    this.#take(`${below}/`, iteration, taken);
    return taken;
  }

  #take(prefix: string, iteration: string, taken: Value[]): void {
    const turn = this.#turns?.get(iteration);
    for (const [path, value] of turn ?? []) {
      if (!path.startsWith(prefix)) continue;
      turn?.delete(path);
      taken.push(value);
    }
    if (turn?.size === 0) this.#turns?.delete(iteration);
    const inner = this.#inner?.get(iteration);
    for (const one of inner ?? []) {
      this.#take(prefix, one, taken);
      if (!this.#turns?.has(one) && !this.#inner?.has(one)) inner?.delete(one);
    }
    if (inner?.size === 0) this.#inner?.delete(iteration);
  }

  #link(iteration: string): void {
    for (let inner = iteration, end = inner.lastIndexOf('.'); end > 0; end = inner.lastIndexOf('.')) {
      const outer = inner.slice(0, end);
      this.#inner ??= new Map();
      const all = this.#inner.get(outer);
      if (all) all.add(inner);
      else this.#inner.set(outer, new Set([inner]));
      inner = outer;
    }
  }
}
