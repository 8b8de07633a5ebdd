/** Stands between a worker and the database: holds, loses or fails its statements and commits by name. */
import type { RunCommit } from '@stepwell/engine';
import type { PostgresCommitter, Sql } from '@stepwell/storage';

/** A promise that the test settles. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** One statement that was stopped. */
export interface Held {
  /** Resolves when the statement has come. */
  readonly arrived: Promise<void>;
  /** Lets it go on, or fails it. */
  release(error?: Error): void;
}

type Verdict = (name: string, about: string) => Promise<void> | undefined;

export class StandingBetween {
  private readonly verdicts: Verdict[] = [];
  readonly seen: string[] = [];

  readonly sql = (sql: Sql): Sql => ({
    query: async (statement, values) => {
      await this.judge(statement.name, JSON.stringify(values));
      return sql.query(statement, values);
    },
  });

  readonly committer = (committer: PostgresCommitter): PostgresCommitter => ({
    commit: async (commit) => {
      await this.judge('commit', describe(commit));
      return committer.commit(commit);
    },
    commitVia: async (sql, commit) => {
      await this.judge('commit-via', describe(commit));
      return committer.commitVia(sql, commit);
    },
  });

  /** Stops the next statement of this name (`commit` and `commit-via` for commits) whose values mention `about`. */
  hold(name: string, about = ''): Held {
    const arrived = gate();
    let settle!: (error?: Error) => void;
    const released = new Promise<void>((resolve, reject) => (settle = (error) => (error ? reject(error) : resolve())));
    released.catch(() => undefined);
    const verdict: Verdict = (one, text) => {
      if (one !== name || !text.includes(about)) return undefined;
      this.verdicts.splice(this.verdicts.indexOf(verdict), 1);
      arrived.open();
      return released;
    };
    this.verdicts.push(verdict);
    return { arrived: arrived.opened, release: settle };
  }

  /** Fails the statements of this name, so many times or until the returned function is called. */
  fail(name: string, error: () => Error, times = Infinity, about = ''): () => void {
    let left = times;
    const verdict: Verdict = (one, text) => (one === name && text.includes(about) && left-- > 0 ? Promise.reject(error()) : undefined);
    this.verdicts.push(verdict);
    return () => {
      left = 0;
    };
  }

  private async judge(name: string, about: string): Promise<void> {
    this.seen.push(name);
    for (const verdict of [...this.verdicts]) {
      const outcome = verdict(name, about);
      if (outcome) return outcome;
    }
  }
}

function describe(commit: RunCommit): string {
  return `${commit.runId} ${commit.intent.kind} ${commit.facts.map((fact) => `${fact.type} ${fact.path}`).join(', ')}`;
}

/** An error as PostgreSQL sends it. */
export function databaseError(code: string, message = `made up for a test (${code})`): Error {
  return Object.assign(new Error(message), { code });
}
