/** One question of the auditor: a sentence, and a query for what contradicts it. */
export interface Check {
  /** The guarantee that it looks at, as ARCHITECTURE.md numbers them. */
  readonly guarantee: `G${number}`;
  /** What holds when the query finds nothing. */
  readonly sentence: string;
  /**
   * Each row it gives contradicts the sentence. It may say `$since` (a uuid: only runs, tasks and events from there on), `$whole` (a uuid:
   * from there on nothing was dropped by retention, so what is referred to is there) and `$late` (a timestamp: what was due before it and
   * did not happen is late).
   */
  readonly sql: string;
  /**
   * `at-work`: asked only while a worker lives, because without one nothing is taken. `at-rest`: asked only of a system that was given the
   * time to come to rest. `journal`: asked only with the journal of whoever asked. `alone`: asked only of a database that nobody else uses.
   * Left out: it holds in every snapshot.
   */
  readonly when?: 'at-work' | 'at-rest' | 'journal' | 'alone';
}

export const ENDED = "('completed', 'failed', 'canceled')";

/** Facts that a run has of its own: what a retry or a fork took over from another run stands before them, and speaks of that one's tasks and events. */
export const OWN_FACTS = `(
  SELECT j.* FROM journal j LEFT JOIN LATERAL (
    SELECT max(s.seq) AS seq FROM journal s WHERE s.tenant = j.tenant AND s.run_id = j.run_id AND s.type IN ('retry.started', 'fork.started')) begun ON true
  WHERE j.run_id >= $since AND j.seq > coalesce(begun.seq, 0))`;
