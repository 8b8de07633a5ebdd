// Worker processes that feed one PostgreSQL, event by event in a time of its own: where group commit is, how large batches become and what
// waits for what come out of it and are not put in.
//
// A worker is one thread. It has so many runs at work, and what of them is ready goes into one statement, of at most a batch, two of them in
// flight. The statement takes a core of the database; then it waits for the log: one write and sync at a time, which takes all that was
// appended by then. A run is as many commits as `commits` says; the next one begins as soon as it ends.

/**
 * @typedef {object} Machine
 * @property {number} cores of the database
 * @property {boolean} isShared whether the workers run on the same cores
 * @property {number} walMbPerS what the disk of the log takes
 * @property {number} syncMs one sync of the log
 * @property {number} contention how much longer a statement takes for each other one at work: 0.01 is a hundredth
 *
 * @typedef {object} Cost of one run
 * @property {number} commits
 * @property {number} nodeMs CPU of the worker
 * @property {number} postgresMs CPU of the database, without that of the statements as such
 * @property {number} statementMs CPU of the database for each statement, whatever is in it
 * @property {number} walBytes
 */

/** Of a worker, as libs/storage/group-committer.ts and libs/runtime/worker/worker-options.ts have them. */
const STATEMENTS_IN_FLIGHT = 2;
const MOST_AT_WORK = 2_000;

/** In this time the batches have found their size. */
const WARM_UP_MS = 1_000;
const MEASURED_MS = 3_000;

/**
 * @param {Machine} machine
 * @param {Cost} cost
 * @param {number} workers
 * @param {number} batch the most runs in a statement
 * @returns {{ runsPerS: number, cpu: number, wal: number, sync: number, worker: number, batch: number }} shares of 1 of what is busy, and the runs
 *   in a statement
 */
export function simulate(machine, cost, workers, batch) {
  const clock = new Clock();
  const cores = new Cores(clock, machine.cores, machine.contention);
  const log = new Log(clock, machine);
  const threads = Array.from({ length: workers }, () => new Thread(clock, machine.isShared ? cores : null));
  const total = { committed: 0, statements: 0 };
  for (const thread of threads) work(thread, { cores, log, cost, batch, total });
  clock.runUntil(WARM_UP_MS);
  const before = { ...total, ...busy(cores, log, threads) };
  clock.runUntil(WARM_UP_MS + MEASURED_MS);
  const after = { ...total, ...busy(cores, log, threads) };
  const per = (name, most) => (after[name] - before[name]) / most;
  return {
    runsPerS: (per('committed', cost.commits) * 1000) / MEASURED_MS,
    cpu: per('cpuMs', MEASURED_MS * machine.cores),
    wal: per('walMs', MEASURED_MS),
    sync: per('syncMs', MEASURED_MS),
    worker: per('threadMs', MEASURED_MS * workers),
    batch: per('committed', after.statements - before.statements),
  };
}

function busy(cores, log, threads) {
  return {
    ...{ cpuMs: cores.busyMs, walMs: log.walMs, syncMs: log.syncMs },
    threadMs: threads.reduce((sum, { busyMs }) => sum + busyMs, 0),
  };
}

/** The loop of one worker. */
function work(thread, { cores, log, cost, batch, total }) {
  let ready = MOST_AT_WORK;
  let flying = 0;
  const send = () => {
    while (flying < STATEMENTS_IN_FLIGHT && ready > 0) {
      const runs = Math.min(batch, ready);
      ready -= runs;
      flying++;
      const share = runs / cost.commits;
      thread.take(share * cost.nodeMs, () =>
        cores.take(cost.statementMs + share * cost.postgresMs, () =>
          log.append(share * cost.walBytes, () => {
            total.committed += runs;
            total.statements++;
            flying--;
            ready += runs;
            send();
          }),
        ),
      );
    }
  };
  send();
}

/** What happens when; two things at one moment in the order in which they were said. */
class Clock {
  now = 0;
  #events = [];
  #said = 0;

  after(ms, happen) {
    const event = { at: this.now + ms, order: this.#said++, happen };
    let index = this.#events.push(event) - 1;
    for (let up = (index - 1) >> 1; index > 0 && isBefore(event, this.#events[up]); up = (index - 1) >> 1) {
      this.#events[index] = this.#events[up];
      index = up;
    }
    this.#events[index] = event;
  }

  runUntil(end) {
    while (this.#events.length > 0 && this.#events[0].at <= end) {
      const { at, happen } = this.#pop();
      this.now = at;
      happen();
    }
    this.now = end;
  }

  #pop() {
    const first = this.#events[0];
    const last = this.#events.pop();
    const size = this.#events.length;
    if (size === 0) return first;
    let index = 0;
    for (let down = 1; down < size; down = 2 * index + 1) {
      if (down + 1 < size && isBefore(this.#events[down + 1], this.#events[down])) down++;
      if (!isBefore(this.#events[down], last)) break;
      this.#events[index] = this.#events[down];
      index = down;
    }
    this.#events[index] = last;
    return first;
  }
}

const isBefore = (one, other) => one.at < other.at || (one.at === other.at && one.order < other.order);

/** So many things at a time; the others wait in a line. */
class Cores {
  busyMs = 0;
  #waiting = [];
  #working = 0;

  constructor(clock, count, contention) {
    Object.assign(this, { clock, count, contention });
  }

  take(ms, then) {
    this.#waiting.push({ ms, then });
    this.#begin();
  }

  #begin() {
    while (this.#working < this.count && this.#waiting.length > 0) {
      const { ms, then } = this.#waiting.shift();
      const takes = ms * (1 + this.contention * this.#working);
      this.#working++;
      this.busyMs += takes;
      this.clock.after(takes, () => {
        this.#working--;
        then();
        this.#begin();
      });
    }
  }
}

/** One thing at a time; on a machine that is shared, on one of its cores. */
class Thread {
  busyMs = 0;
  #waiting = [];
  #isWorking = false;

  constructor(clock, cores) {
    Object.assign(this, { clock, cores });
  }

  take(ms, then) {
    this.#waiting.push({ ms, then });
    this.#begin();
  }

  #begin() {
    if (this.#isWorking || this.#waiting.length === 0) return;
    const { ms, then } = this.#waiting.shift();
    this.#isWorking = true;
    this.busyMs += ms;
    const end = () => {
      this.#isWorking = false;
      then();
      this.#begin();
    };
    if (this.cores) this.cores.take(ms, end);
    else this.clock.after(ms, end);
  }
}

/** The log on its disk: whoever has appended by the time a write begins is synced with it. */
class Log {
  walMs = 0;
  syncMs = 0;
  #waiting = [];
  #bytes = 0;
  #isWriting = false;

  constructor(clock, { walMbPerS, syncMs: eachMs }) {
    Object.assign(this, { clock, bytesPerMs: walMbPerS * 1000, eachMs });
  }

  append(bytes, then) {
    this.#bytes += bytes;
    this.#waiting.push(then);
    this.#begin();
  }

  #begin() {
    if (this.#isWriting || this.#waiting.length === 0) return;
    const synced = this.#waiting;
    const writingMs = this.#bytes / this.bytesPerMs;
    this.#waiting = [];
    this.#bytes = 0;
    this.#isWriting = true;
    this.walMs += writingMs;
    this.syncMs += this.eachMs;
    this.clock.after(writingMs + this.eachMs, () => {
      this.#isWriting = false;
      for (const then of synced) then();
      this.#begin();
    });
  }
}
