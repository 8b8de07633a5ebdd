/** G8 and G10: caps are never exceeded, as counted by permits, and none leaks; a lease has one holder. */
import { type Check, ENDED } from '../check.js';

export const LEASES: readonly Check[] = [
  {
    guarantee: 'G8',
    sentence: 'no more permits are held than the cap has places (a limit that was lowered shows here until they are given back)',
    sql: `SELECT p.tenant, p.workflow, p.key, count(*) AS held, c.capacity FROM permits p JOIN caps c ON c.workflow = p.workflow
      WHERE c.capacity IS NOT NULL GROUP BY p.tenant, p.workflow, p.key, c.capacity HAVING count(*) > c.capacity`,
  },
  {
    guarantee: 'G8',
    sentence: 'each permit is held by a run that is at work, or lives where it counts lives',
    sql: `SELECT p.tenant, p.workflow, p.key, p.number, p.run_id, r.status FROM permits p LEFT JOIN runs r ON r.tenant = p.tenant AND r.id = p.run_id
      WHERE r.id IS NULL OR p.held_until = 'wait' AND r.status <> 'running' OR r.status IN ${ENDED}`,
  },
  {
    guarantee: 'G8',
    sentence: 'each run at work under a cap holds a permit, unless it is only being canceled',
    sql: `SELECT r.tenant, r.id, r.workflow, r.permit_key FROM runs r JOIN caps c ON c.workflow = r.workflow AND c.capacity IS NOT NULL
      WHERE r.status = 'running' AND r.permit_key IS NOT NULL AND r.cancel_requested_at IS NULL
        AND NOT EXISTS (SELECT FROM permits p WHERE p.tenant = r.tenant AND p.run_id = r.id)`,
  },
  {
    guarantee: 'G10',
    sentence: 'a run has a holder if and only if it is running',
    sql: `SELECT tenant, id, status, worker FROM runs WHERE id >= $since AND (status = 'running') <> (worker IS NOT NULL)`,
  },
  {
    guarantee: 'G10',
    sentence: 'a step on another queue has a holder if and only if it is running, and its run lives',
    sql: `SELECT d.tenant, d.id, d.run_id, d.status, d.worker, r.status AS run FROM dispatches d LEFT JOIN runs r ON r.tenant = d.tenant AND r.id = d.run_id
      WHERE (d.status = 'running') <> (d.worker IS NOT NULL) OR r.id IS NULL`,
  },
];
