// How a worker learns that runs are queued. A wake-up is a hint: the worker also looks by itself now and then, so a lost one costs time only.
//
// In the process that did the work, a plain call. For other processes, a NOTIFY after the commit, on a connection of its own, at most one
// per few milliseconds however many commits there were, and never within a hot statement.

import pg from 'pg';

const CHANNEL = 'ready';

/** At most one NOTIFY per this long, however many commits; well below what a person or a p99 would notice. */
const COALESCE_MS = 3;

/** A latch that one loop waits on: a poke that comes while the loop is busy is kept. */
export class Latch {
  #isSet = false;
  #release = null;

  set() {
    this.#isSet = true;
    this.#release?.();
  }

  /** Returns when the latch is set, at once if it was set since the last wait, or after `timeoutMs`. */
  async wait(timeoutMs) {
    if (!this.#isSet) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#release = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#release = null;
    this.#isSet = false;
  }
}

/** Sends and receives wake-ups between processes. */
export class Announcer {
  #sender;
  #listener;
  #timer = null;
  #isDue = false;

  static async connect(databaseUrl, onReady) {
    const announcer = new Announcer();
    announcer.#sender = new pg.Client({ connectionString: databaseUrl });
    announcer.#listener = new pg.Client({ connectionString: databaseUrl });
    await announcer.#sender.connect();
    await announcer.#listener.connect();
    announcer.#listener.on('notification', onReady);
    await announcer.#listener.query(`LISTEN ${CHANNEL}`);
    return announcer;
  }

  /** Call after a commit that queued runs. The first one goes out at once; those that follow closely share the next. */
  announce() {
    if (this.#timer) {
      this.#isDue = true;
      return;
    }
    this.#sender.query(`NOTIFY ${CHANNEL}`).catch(() => {}); // a lost hint: the worker looks by itself
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#isDue) return;
      this.#isDue = false;
      this.announce();
    }, COALESCE_MS);
  }

  async close() {
    clearTimeout(this.#timer);
    await this.#sender.end();
    await this.#listener.end();
  }
}
