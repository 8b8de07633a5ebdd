import type { Json } from '../../../graphql.js';
import { RelativeTime } from '../../../time/relative-time.js';
import { ValueView } from '../../../values/value-view.js';
import { ChangeList } from './change-list.js';
import { historyWords } from './history-words.js';
import type { TaskHistoryEntry } from './task-history.query.js';
import classes from './task-history.module.css';

interface TaskHistoryProps {
  readonly entries: readonly TaskHistoryEntry[];
  readonly form: Json;
}

/** Who did what with the task, oldest first; folded, because most decisions need none of it. */
export function TaskHistory({ entries, form }: TaskHistoryProps) {
  if (entries.length === 0) return null;
  return (
    <details className={classes.history}>
      <summary>History ({entries.length})</summary>
      <ol className={classes.entries}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} form={form} />
        ))}
      </ol>
    </details>
  );
}

function Entry({ entry, form }: { readonly entry: TaskHistoryEntry; readonly form: Json }) {
  const { sentence, said, told, was, rest } = historyWords(entry, form);
  return (
    <li>
      <span className={classes.sentence}>{sentence}</span>
      <span className={classes.when}>
        <RelativeTime at={entry.at} />
      </span>
      {was === undefined ? null : (
        <del className={classes.said}>
          <span className="visually-hidden">before: </span>
          {was}
        </del>
      )}
      {told === undefined ? null : <span className={classes.said}>{told}</span>}
      {said === undefined ? null : <q className={classes.said}>{said}</q>}
      {Object.keys(rest).length > 0 ? (
        <div className={classes.rest}>
          <ValueView value={rest} />
        </div>
      ) : null}
      <ChangeList changes={entry.changes} form={form} />
    </li>
  );
}
