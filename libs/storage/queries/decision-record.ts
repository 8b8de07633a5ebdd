/**
 * What a decision was made on, as a part of the statement that decides: a record with what was before the reviewer, the suggestion, the form
 * by its hash, the draft that was there, what people had said about the task, the answer, who, when, and by which code. It says `tenant`, so
 * that a record cannot be moved to another, and has a `salt` of its own (16 bytes; 122 bits of them are random), so that no hash over it
 * lets an answer be tried out.
 *
 * Locks: nothing that exists. A form that nobody has stored is inserted last, under its hash: of two who store one, the second waits for
 * the first's commit, and the first then waits for nobody.
 */

export interface DecisionColumns {
  /** A CTE with one row per decision: `entry` (the id of its line in the history) and the columns of the task. */
  readonly source: string;
  readonly tenant: string;
  /** The rest are expressions of the source. */
  readonly kind: string;
  readonly actor: string;
  readonly at: string;
  readonly answer: string;
  /** JSON; null without one. */
  readonly reason?: string;
  /** Hash of the form, when a person had it before them. */
  readonly form?: string;
  /** The draft as it was when the decision was made. */
  readonly draft?: string;
  readonly build?: string;
  /** JSON: what others had answered before, as far as it was shown; null: nothing. */
  readonly shown?: string;
  /** Id of the record of a decision that stands no longer. */
  readonly withdraws?: string;
  /** Before the names of the CTEs, where a statement has several such. */
  readonly prefix?: string;
}

/** @returns the CTEs `recorded` and `unsealed`, each with a comma before it */
export function recordsDecision({ source, tenant, kind, actor, at, answer, shown, prefix = '', ...rest }: DecisionColumns): string {
  const optional = Object.entries(rest).flatMap(([name, value]) => (value ? [`'${name}', ${value}`] : []));
  return `,
   ${prefix}recorded AS (
     INSERT INTO decisions (tenant, task_id, id, record)
     SELECT ${tenant}, id, entry, jsonb_build_object('salt', encode(uuid_send(gen_random_uuid()), 'hex'), 'id', entry, 'tenant', ${tenant}, 'task', id, 'run', run_id, 'workflow', workflow, 'workflowVersion', workflow_version,
       'path', path, 'iteration', iteration, 'screen', screen, 'title', title, 'subject', subject, 'instructions', instructions, 'props', props, 'suggestion', suggestion,
       'kind', ${kind}, 'actor', ${actor}, 'at', ${isoText(at)}, 'answer', ${answer},
       'comments', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'answers', c.parent, 'field', c.field, 'text', c.text, 'author', c.author, 'at', ${isoText('c.at')},
         'editedAt', ${isoText('c.edited_at')}, 'resolvedBy', c.resolved_by, 'resolvedAt', ${isoText('c.resolved_at')}) ORDER BY c.id), '[]')
         FROM task_comments c WHERE c.tenant = ${tenant} AND c.task_id = ${source}.id),
       'graph', (SELECT w.fingerprint FROM workflow_versions w WHERE w.tenant = ${tenant} AND w.workflow = ${source}.workflow AND w.version = ${source}.workflow_version)${optional.map((pair) => `, ${pair}`).join('')})${shown ? ` || CASE WHEN ${shown} IS NULL THEN '{}' ELSE jsonb_build_object('reviews', ${shown}) END` : ''}
     FROM ${source}),
   ${prefix}unsealed AS (
     INSERT INTO decision_seals (tenant, id, task_id) SELECT ${tenant}, entry, id FROM ${source})`;
}

/** To the microsecond, in UTC. */
function isoText(instant: string): string {
  return `to_char(${instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
