/**
 * Runs whose timer is due, the first one first. The clock is asked in a subquery: what may change within a statement is no bound for an
 * index, and without it every claim would read all timers that are far from due.
 *
 * @param whose a condition on `permit_key`
 */
export const DUE_RUNS = (whose: string) => `
  SELECT tenant, id, due_at FROM runs
  WHERE status = 'waiting' AND due_at <= (SELECT clock_timestamp()) AND queue = ANY($2::text[]) AND needs = ANY($3::text[]) AND ${whose}
  ORDER BY due_at`;
