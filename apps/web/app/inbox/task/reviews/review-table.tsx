// What several people have answered, side by side: a row for each field, a column for each person. Where they are not equal, it says so.
import type { Json } from '../../../graphql.js';
import { RelativeTime } from '../../../time/relative-time.js';
import { fieldOf, formOrder, titleOf } from '../../../values/form-words.js';
import { humaniseKey } from '../../../values/humanise-key.js';
import { isRecord } from '../../../values/shape.js';
import { ValueView } from '../../../values/value-view.js';
import type { Reviews } from './review-words.js';
import classes from './review-table.module.css';

interface ReviewTableProps {
  readonly reviews: Pick<Reviews, 'shown' | 'differing'>;
  /** The JSON Schema of the answer: gives titles and order. */
  readonly form: Json;
}

export function ReviewTable({ reviews: { shown, differing }, form }: ReviewTableProps) {
  const answers = shown.map(({ answer }) => answer);
  return (
    <div className={classes.scroll} role="region" aria-label="Answers side by side" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Field</span>
            </th>
            {shown.map(({ by, at }) => (
              <th key={by.id} scope="col">
                {by.name}
                <span className={classes.at}>
                  <RelativeTime at={at} />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowsOf(answers, form).map((key) => (
            <tr key={key} data-differs={differing.includes(key) || undefined}>
              <th scope="row">
                {key === '' ? 'Answer' : (titleOf(fieldOf(form, key)) ?? humaniseKey(key))}
                {differing.includes(key) ? <span className={classes.differs}>differs</span> : null}
              </th>
              {shown.map(({ by, answer }) => (
                <td key={by.id}>
                  <ValueView value={valueOf(answer, key)} name={key} depth={1} form={key === '' ? form : fieldOf(form, key)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function valueOf(answer: Json, key: string): Json {
  if (key === '') return answer;
  return isRecord(answer) ? (answer[key] ?? null) : null;
}

/** The fields, in the order of the form; `''` for answers that have none. */
function rowsOf(answers: readonly Json[], form: Json): readonly string[] {
  if (!answers.every((answer) => isRecord(answer))) return [''];
  const all = Object.assign({}, ...answers) as { readonly [key: string]: Json };
  return (formOrder(form, all) ?? Object.entries(all)).map(([key]) => key);
}
