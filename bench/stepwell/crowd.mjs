// What one process has in its database beside the work of its own: ended runs of before, a queue full of runs, other worker processes.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { addEndedRuns, holdAutovacuum, makeMonths, queueRuns, vacuum } from './seed.mjs';

const WORKER = fileURLToPath(new URL('worker-process.mjs', import.meta.url));
/** Often enough to end a second or more at the right moment, and no load. */
const LOOK_EVERY_MS = 20;
/** In the order of the indexes of what is queued and leased, which have no entry of any other run. */
const IS_AT_WORK = `SELECT
  EXISTS (SELECT FROM (SELECT FROM runs WHERE status = 'queued' AND permit_key IS NULL AND queue = 'default' ORDER BY tenant, priority DESC, id LIMIT 1) q)
  OR EXISTS (SELECT FROM workers w CROSS JOIN LATERAL (SELECT FROM runs WHERE status = 'running' AND worker = w.id LIMIT 1) r) AS "isAtWork"`;

export function createCrowd({ pool, databaseUrl, tenant, said, wake }) {
  return {
    /** Queues runs of one tenant without waking anybody, so that they all are there when `begin` does. */
    queueNoise: async (count) => {
      const ended = said.ends('noise', count);
      await queueRuns(pool, { tenant: 'noisy', count, workflow: 'noise' });
      // What making them has left to be written is no part of working them off.
      await pool.query('CHECKPOINT');
      return { begin: wake, ended, isOver: () => said.leftOf('noise') === 0 };
    },
    /** An installation that is that old, has just begun, and is analyzed by nobody until `vacuum` is. */
    growOld: async (months) => {
      await makeMonths(pool, months);
      await holdAutovacuum(pool);
    },
    addEndedRuns: (count, months) => addEndedRuns(pool, { count, tenant, months }),
    vacuum: () => vacuum(pool),
    checkpoint: () => pool.query('CHECKPOINT'),
    /** Queues three-step runs, as another process would. @returns works them off, by this process */
    queueHere: async (count) => {
      const ended = said.ends('steps-3', count);
      await queueRuns(pool, { tenant, count, workflow: 'steps-3' });
      return () => {
        wake();
        return ended;
      };
    },
    /**
     * Worker processes beside this one.
     *
     * @param {number} count
     * @param {string} [claim] by which of claim-variants.mjs
     * @returns {Promise<{ pids: number[], workOff: Function, end: Function }>} `workOff`: from the hint to the last end of all that is queued
     */
    startWorkers: async (count, claim = 'plain') => {
      const children = Array.from({ length: count }, () => fork(WORKER, [`--database-url=${databaseUrl}`, `--claim=${claim}`]));
      await Promise.all(children.map((child) => once(child, 'message')));
      return {
        pids: children.map(({ pid }) => pid),
        queue: (runs, tenants) => queueRuns(pool, { tenant, tenants, count: runs, workflow: 'steps-3' }),
        workOff: async () => {
          for (const child of children) child.send('look');
          while ((await pool.query(IS_AT_WORK)).rows[0].isAtWork) await pause(LOOK_EVERY_MS);
        },
        end: () =>
          Promise.all(
            children.map((child) => {
              const exit = once(child, 'exit');
              child.disconnect();
              return exit;
            }),
          ),
      };
    },
  };
}
