/**
 * Of the tenants with queued runs: the first behind `after`. In the whole order of the index of queued runs, so that no plan is tempted by
 * another index, which has the ended ones too.
 */
export const TENANT_AFTER = (queue: string, after: string) => `
       SELECT tenant FROM runs WHERE status = 'queued' AND permit_key IS NULL AND queue = ${queue} AND tenant > ${after}
       ORDER BY tenant, priority DESC, id LIMIT 1`;

/**
 * The tenant that a walk comes to next, as a subquery of one row: the first behind `after`, or once round the first of all. The second look
 * is made only when the first finds nobody; and each once, however often its outcome is asked for (OFFSET 0).
 *
 * @param isRound an expression: the walk has gone round already
 */
export const NEXT_TENANT = (queue: string, after: string, isRound: string) => `(
      SELECT coalesce((${TENANT_AFTER(queue, after)}), CASE WHEN NOT ${isRound} THEN (${TENANT_AFTER(queue, "''")}) END) AS tenant OFFSET 0)`;

/** Where queue number `q.number` of a claim's stands when they come one after the other, each first in its turn. */
export const QUEUE_BY_TURNS = '(q.number + $6::int) % cardinality($2::text[])';
