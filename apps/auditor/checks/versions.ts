/**
 * G13: a deploy strands no waiting run. Who is to take a run is told by `needs`; its page tells from its workflow and version whether anybody
 * does. So where the two agree, a run that nobody takes says so.
 */
import { type Check, ENDED } from '../check.js';

/** Stands before the version that a run needs when only a process in isolation may take it. */
const APART = 'isolation for ';

export const VERSIONS: readonly Check[] = [
  {
    guarantee: 'G13',
    sentence: 'each run that lives needs the version that it is of, so that it says so when nobody takes that',
    sql: `SELECT tenant, id, workflow, version, status, needs FROM runs
      WHERE id >= $since AND status NOT IN ${ENDED} AND needs NOT IN (workflow || '@' || version, '${APART}' || workflow || '@' || version)`,
  },
  {
    guarantee: 'G13',
    sentence: 'each run that is at work is so where its version is taken',
    sql: `SELECT r.tenant, r.id, r.workflow, r.version, r.worker, w.hosts FROM runs r JOIN workers w ON w.id = r.worker
      WHERE r.status = 'running' AND w.hosts IS NOT NULL AND NOT r.workflow || '@' || r.version = ANY(w.hosts)`,
  },
];
