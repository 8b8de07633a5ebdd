// Tells when rows have come to their end, for peers that do not tell by themselves, or only by a poll that is slower than they are.
//
// One statement asks for all that are watched. With few of them it asks every 2 ms, so that a latency is not that of the watcher; with many,
// where only their rate matters, ten times a second, so that it costs next to nothing.

const FEW = 10;
const OFTEN_MS = 2;
const SELDOM_MS = 100;

/** Watchers of one pool share its connections, so their statements need names of their own. */
let watchers = 0;

export class RowWatcher {
  #pool;
  #statement;
  #watched = new Map();
  #timer = null;

  /**
   * @param {import('pg').Pool} pool
   * @param {string} text selects as `id` those of the ids in $1 that have come to their end
   */
  constructor(pool, text) {
    this.#pool = pool;
    this.#statement = { name: `watch-${++watchers}`, text };
  }

  /** Resolves when the row has come to its end. */
  end(id) {
    return new Promise((resolve, reject) => {
      this.#watched.set(String(id), { resolve, reject });
      this.#timer ??= setTimeout(() => this.#look(), OFTEN_MS);
    });
  }

  async #look() {
    try {
      const { rows } = await this.#pool.query({ ...this.#statement, values: [[...this.#watched.keys()]] });
      for (const { id } of rows) {
        this.#watched.get(String(id))?.resolve();
        this.#watched.delete(String(id));
      }
    } catch (error) {
      for (const { reject } of this.#watched.values()) reject(error);
      this.#watched.clear();
    }
    const pause = this.#watched.size > FEW ? SELDOM_MS : OFTEN_MS;
    this.#timer = this.#watched.size > 0 ? setTimeout(() => this.#look(), pause) : null;
  }
}
