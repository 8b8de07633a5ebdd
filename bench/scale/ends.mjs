/** The ends of which workers have told, also before somebody asks. */
export class Ends {
  #ends = new Map();

  told(id) {
    const resolve = this.#ends.get(id);
    this.#ends.delete(id);
    if (resolve) resolve();
    else this.#ends.set(id, null);
  }

  async of(id) {
    if (this.#ends.delete(id)) return;
    await new Promise((resolve) => this.#ends.set(id, resolve));
  }

  clear() {
    this.#ends.clear();
  }
}
