/** G5: a task is decided at most once, and its run knows the decision as it was made. */
import { type Check, OWN_FACTS } from '../check.js';

export const TASKS: readonly Check[] = [
  {
    guarantee: 'G5',
    sentence: 'each task was opened by the journal of its run, and each opening has its task',
    sql: `SELECT coalesce(f.tenant, t.tenant) AS tenant, f.run_id, f.task, t.id FROM
        (SELECT tenant, run_id, (payload ->> 'taskId')::uuid AS task FROM ${OWN_FACTS} o WHERE type = 'task.opened' AND payload IS NOT NULL) f
      FULL JOIN (SELECT * FROM tasks WHERE run_id >= $since) t ON t.tenant = f.tenant AND t.id = f.task AND t.run_id = f.run_id
      WHERE t.id IS NULL AND f.task >= $whole OR f.task IS NULL AND t.run_id >= $whole`,
  },
  {
    guarantee: 'G5',
    sentence: 'each decision is known to its run as it was made, or on its way there; no run knows one that nobody made',
    sql: `SELECT coalesce(t.tenant, f.tenant) AS tenant, t.id, t.status, f.run_id, f.task FROM
        (SELECT * FROM tasks WHERE status = 'completed' AND run_id >= $since) t
      FULL JOIN (SELECT tenant, run_id, (payload ->> 'taskId')::uuid AS task, payload -> 'answer' AS answer FROM ${OWN_FACTS} o
        WHERE type = 'task.completed' AND payload IS NOT NULL) f ON f.tenant = t.tenant AND f.task = t.id AND f.run_id = t.run_id
      WHERE t.id IS NULL AND f.task >= $whole OR f.task IS NOT NULL AND f.answer IS DISTINCT FROM t.answer
        OR f.task IS NULL AND t.run_id >= $whole
          AND NOT EXISTS (SELECT FROM inbox i WHERE i.tenant = t.tenant AND i.run_id = t.run_id AND i.dedupe_key = 'task:' || t.id)
          AND NOT EXISTS (SELECT FROM outbox o WHERE o.tenant = t.tenant AND o.run_id = t.run_id AND o.dedupe_key = 'task:' || t.id)
          AND NOT EXISTS (SELECT FROM journal j WHERE j.tenant = t.tenant AND j.run_id = t.run_id
            AND (j.type = 'task.completed' AND j.payload IS NULL OR j.type = 'message.ignored'))`,
  },
  {
    guarantee: 'G5',
    sentence: 'a task is decided once: no second decision that was not taken back before',
    sql: `SELECT tenant, task_id, count(*) FILTER (WHERE kind = 'completed') AS decided, count(*) FILTER (WHERE kind = 'undone') AS undone FROM task_history
      WHERE task_id >= $since GROUP BY tenant, task_id
      HAVING count(*) FILTER (WHERE kind = 'completed') > 1 + count(*) FILTER (WHERE kind = 'undone')`,
  },
  {
    guarantee: 'G5',
    sentence: 'a run hears of the end of a task once',
    sql: `SELECT tenant, run_id, payload ->> 'taskId' AS task, count(*) FROM ${OWN_FACTS} f
      WHERE type = 'task.completed' AND payload IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1`,
  },
  {
    guarantee: 'G5',
    sentence: 'who has decided stands in each completed task, and nobody holds it',
    sql: `SELECT tenant, id, status, claimed_by, decided_by FROM tasks WHERE id >= $since AND status = 'completed' AND (decided_by IS NULL OR claimed_by IS NOT NULL)`,
  },
];
