// Timers: a run that waits has its time in its row; who set it also has it in memory, and asks the database at that moment. A poll finds
// those of workers that died.
//
// Locks: the rows of the runs that are due; it skips those that somebody else is waking.

import { STATUS } from './schema.mjs';

const WAKE_DUE = `
UPDATE run SET status = ${STATUS.queued}, wake_at = NULL
WHERE id IN (SELECT id FROM run WHERE status = ${STATUS.waiting} AND wake_at <= clock_timestamp() ORDER BY wake_at FOR NO KEY UPDATE SKIP LOCKED)`;

export class Timers {
  #pool;
  #onDue;
  #next = null;
  #nextAt = Infinity;
  #poll;
  #times = new Set();

  /** @param {() => void} onDue called when runs have been queued */
  constructor(pool, { pollMs, onDue }) {
    this.#pool = pool;
    this.#onDue = onDue;
    this.#poll = setInterval(() => this.#wake(), pollMs);
  }

  /** A run of this worker waits until then, milliseconds since 1970. */
  add(at) {
    this.#times.add(at);
    this.#plan();
  }

  close() {
    clearTimeout(this.#next);
    clearInterval(this.#poll);
  }

  #plan() {
    const at = Math.min(...this.#times);
    if (at >= this.#nextAt || at === Infinity) return;
    clearTimeout(this.#next);
    this.#nextAt = at;
    this.#next = setTimeout(() => this.#ring(), Math.max(0, at - Date.now()));
  }

  #ring() {
    this.#nextAt = Infinity;
    const now = Date.now();
    for (const at of this.#times) if (at <= now) this.#times.delete(at);
    void this.#wake();
    this.#plan();
  }

  async #wake() {
    const { rowCount } = await this.#pool.query({ name: 'wake-due', text: WAKE_DUE });
    if (rowCount > 0) this.#onDue();
  }
}
