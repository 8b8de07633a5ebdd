// The claims that are compared: what a worker would do without flow control, and with each part of it. Runs are claimed by another statement
// under the same name; everything else of the worker is as always.
import { CLAIM_RUNS, CLAIM_RUNS_WITH_PERMITS, CLAIM_RUNS_WITH_SHARES } from '../../dist/libs/storage/index.js';

/** The first ones of the queue, in the order of its index: no turns of tenants, no timers, no caps. What a queue table costs anyway. */
const BARE = `
WITH picked AS MATERIALIZED (
  SELECT tenant, id FROM runs
  WHERE status = 'queued' AND permit_key IS NULL AND queue = ANY($2::text[]) AND needs = ANY($3::text[]) AND $5::text IS NOT NULL AND $6::int IS NOT NULL
  ORDER BY queue, tenant, priority DESC, id LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED),
claimed AS (
  UPDATE runs r SET status = 'running', worker = $1, epoch = r.epoch + 1, due_at = NULL, wait_reasons = '{}'
  WHERE r.tenant = ANY(ARRAY(SELECT tenant FROM picked)) AND r.id = ANY(ARRAY(SELECT id FROM picked))
  RETURNING r.tenant, r.id, r.workflow, r.version, r.queue, r.epoch, r.attention, r.last_seq, r.lineage_root, r.actor, r.parent_run)
SELECT claimed.*, NULL::timestamptz AS due_at, (SELECT count(*) FROM picked) >= $4::int AS has_rest, NULL::text AS walked_to
FROM (SELECT) AS one LEFT JOIN claimed ON true`;

const VARIANTS = {
  bare: { name: 'bare-claim', text: BARE },
  plain: CLAIM_RUNS,
  permits: CLAIM_RUNS_WITH_PERMITS,
  shares: CLAIM_RUNS_WITH_SHARES,
};

/**
 * Has a worker claim so from now on.
 *
 * @param {string} name one of them
 * @param {import('pg').Pool} pool by which it claims
 */
export function claimBy(name, pool) {
  const variant = VARIANTS[name];
  if (!variant) throw new Error(`There is no claim "${name}"; there are ${Object.keys(VARIANTS).join(', ')}.`);
  const query = pool.query.bind(pool);
  const more = name === 'shares' ? [0] : [];
  pool.query = (config, ...rest) => {
    if (config?.name !== CLAIM_RUNS.name) return query(config, ...rest);
    return query({ name: variant.name, text: variant.text, values: [...config.values, ...more] }, ...rest);
  };
}
