// Group commit: items gather while earlier batches are on their way to the database, and go out together in one statement.
//
// There is no linger: a batch leaves as soon as a lane is free, at the end of the current turn of the event loop. A lone item therefore
// waits for nothing, and under load the batches grow by themselves. One fsync serves the whole batch.

export class GroupCommitter {
  #write;
  #lanes;
  #maxBatch;
  #waiting = [];
  #inFlight = 0;
  #flushIsDue = false;

  /**
   * @param {(items: any[]) => Promise<any[] | void>} write commits a batch; may return one outcome per item, in their order
   * @param {{ lanes: number, maxBatch: number }} limits `lanes` is how many batches may be in flight at once
   */
  constructor(write, { lanes, maxBatch }) {
    this.#write = write;
    this.#lanes = lanes;
    this.#maxBatch = maxBatch;
  }

  /** Resolves with the item's outcome once its batch is durable; rejects when the batch failed or its outcome is unknown. */
  add(item) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule() {
    if (this.#flushIsDue || this.#inFlight >= this.#lanes || this.#waiting.length === 0) return;
    this.#flushIsDue = true;
    setImmediate(() => this.#flush());
  }

  async #flush() {
    this.#flushIsDue = false;
    const batch = this.#waiting.splice(0, this.#maxBatch);
    if (batch.length === 0) return;
    this.#inFlight++;
    this.#schedule();
    try {
      const outcomes = await this.#write(batch.map((entry) => entry.item));
      batch.forEach((entry, index) => entry.resolve(outcomes?.[index]));
    } catch (error) {
      batch.forEach((entry) => entry.reject(error));
    }
    this.#inFlight--;
    this.#schedule();
  }
}
