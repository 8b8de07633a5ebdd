import { Skeleton } from '@mantine/core';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { FailureNote } from '../feedback/failure-note.js';
import type { Json } from '../graphql.js';
import { JsonTree } from '../values/json-tree.js';
import { CheckpointDiffQuery } from './checkpoints.query.js';
import classes from './checkpoint-diff.module.css';

const WORDS: Readonly<Record<string, string>> = { added: 'Added', changed: 'Changed', removed: 'Removed' };

/** What one checkpoint knows that the other does not, value by value. */
export function CheckpointDiff({ runId, from, to }: { readonly runId: string; readonly from: number; readonly to: number }) {
  const { data, error, refresh } = useKeptQuery(CheckpointDiffQuery, { runId, from, to });
  if (error) return <FailureNote error={error} onRetry={refresh} />;
  if (!data) return <Skeleton height={80} m="sm" />;
  const changes = data.checkpointDiff?.changes ?? [];
  return (
    <section className={classes.diff} aria-label={`From checkpoint ${from} to ${to}`}>
      <h3 className={classes.title}>What came between the two</h3>
      {changes.length === 0 ? <p className={classes.same}>They know the same.</p> : null}
      {changes.map(({ what, path, iteration, kind, before, after }) => (
        <div key={`${what} ${path} ${iteration}`} className={classes.change}>
          <span className={classes.kind}>{WORDS[kind] ?? kind}</span>
          <span className={classes.name}>
            {what === 'input' ? 'input' : path}
            {iteration ? ` [${iteration}]` : ''}
            {what === 'saved' ? ' (saved)' : ''}
          </span>
          <div className={classes.values}>
            {kind === 'added' ? null : <Side label="before" value={before ?? null} />}
            {kind === 'removed' ? null : <Side label="after" value={after ?? null} />}
          </div>
        </div>
      ))}
    </section>
  );
}

function Side({ label, value }: { readonly label: string; readonly value: Json }) {
  return (
    <div className={classes.side}>
      <span className={classes.kind}>{label}</span>
      <JsonTree value={value} />
    </div>
  );
}
