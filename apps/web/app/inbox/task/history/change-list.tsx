import type { Json } from '../../../graphql.js';
import { fieldOf, itemOf, titleOf } from '../../../values/form-words.js';
import { humaniseKey } from '../../../values/humanise-key.js';
import { ValueView } from '../../../values/value-view.js';
import { isRecord } from '../../../values/shape.js';
import classes from './task-history.module.css';

interface ChangeListProps {
  /** As the API tells them: a list of { path, kind, before, after }. */
  readonly changes: Json;
  /** The JSON Schema of the answer: gives titles. */
  readonly form: Json;
}

/** What was before and what is now, field by field; folded, for a draft may have many. */
export function ChangeList({ changes, form }: ChangeListProps) {
  const told = Array.isArray(changes) ? changes.flatMap(changeOf) : [];
  if (told.length === 0) return null;
  return (
    <details className={classes.changes}>
      <summary>{told.length === 1 ? '1 change' : `${told.length} changes`}</summary>
      <dl>
        {told.map(({ path, kind, before, after }) => {
          const { label, part } = labelOf(path, form);
          return (
            <div key={path}>
              <dt>{label}</dt>
              <dd>
                {kind === 'added' ? null : (
                  <del>
                    <span className="visually-hidden">before: </span>
                    <ValueView value={before} form={part} />
                  </del>
                )}
                {kind === 'removed' ? (
                  <em>removed</em>
                ) : (
                  <ins>
                    <span className="visually-hidden">{kind === 'added' ? 'new: ' : 'now: '}</span>
                    <ValueView value={after} form={part} />
                  </ins>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}

/** `parts[2].amount` as the form names it: "Parts 3, Amount". */
function labelOf(path: string, form: Json): { readonly label: string; readonly part: Json | undefined } {
  let part: Json | undefined = form;
  const words: string[] = [];
  for (const [, name, place, quoted] of path.matchAll(/([\p{L}\p{N}_$-]+)|\[(?:(\d+)|("(?:[^"\\]|\\.)*"))\]/gu)) {
    if (place !== undefined) {
      part = itemOf(part);
      words.push(`${words.pop() ?? 'Item'} ${Number(place) + 1}`);
      continue;
    }
    const key = name ?? (JSON.parse(quoted ?? '""') as string);
    part = fieldOf(part, key);
    words.push(titleOf(part) ?? humaniseKey(key));
  }
  return { label: words.join(', ') || 'The answer', part };
}

function changeOf(change: Json) {
  if (!isRecord(change) || typeof change.path !== 'string') return [];
  const { path, kind, before = null, after = null } = change;
  return [{ path, kind, before, after }];
}
