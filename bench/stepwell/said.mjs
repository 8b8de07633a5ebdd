/** What the commits of this process say, to those who wait for it. A commit that came before somebody asked is remembered. */
export class Said {
  commits = 0;
  #ended = new Map();
  #waiting = new Map();
  #tasks = new Map();
  #counted = new Map();

  note({ runId, intent, tasks, workflow }) {
    this.commits++;
    for (const { id } of tasks) this.#tasks.set(runId, id);
    if (intent.kind === 'release') tell(this.#waiting, runId, null);
    if (intent.kind !== 'end') return;
    const count = this.#counted.get(workflow);
    if (!count) return tell(this.#ended, runId, intent.status);
    if (--count.left > 0) return;
    this.#counted.delete(workflow);
    count.resolve();
  }

  async end(runId) {
    const status = await heard(this.#ended, runId);
    if (status !== 'completed') throw new Error(`Run ${runId} ended as ${status}.`);
  }

  wait(runId) {
    return heard(this.#waiting, runId);
  }

  /** When so many runs of a workflow have ended; until then nobody asks for one of them. */
  ends(workflow, left) {
    return new Promise((resolve) => this.#counted.set(workflow, { left, resolve }));
  }

  /** How many of them are still to end. */
  leftOf(workflow) {
    return this.#counted.get(workflow)?.left ?? 0;
  }

  taskOf(runId) {
    const id = this.#tasks.get(runId);
    this.#tasks.delete(runId);
    return id;
  }
}

/** Either somebody asked, or the word waits for him. */
function tell(map, key, word) {
  const asker = map.get(key);
  if (asker?.resolve) {
    map.delete(key);
    asker.resolve(word);
  } else map.set(key, { word });
}

async function heard(map, key) {
  const said = map.get(key);
  if (said && 'word' in said) {
    map.delete(key);
    return said.word;
  }
  return new Promise((resolve) => map.set(key, { resolve }));
}
