/** Lets so many in at once; the others wait in turn. */
export class Room {
  #free;
  #waiting = [];

  constructor(size) {
    this.#free = size;
  }

  async within(work) {
    if (this.#free === 0) await new Promise((enter) => this.#waiting.push(enter));
    else this.#free--;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
