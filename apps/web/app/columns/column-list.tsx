import { type Column, ColumnValue } from './column-value.js';
import classes from './column-list.module.css';

/** The columns of one run beside each other, each with its name. */
export function ColumnList({ columns }: { readonly columns: readonly Column[] }) {
  if (columns.length === 0) return null;
  return (
    <dl className={classes.columns} aria-label="Columns">
      {columns.map((column) => (
        <div key={column.name} className={classes.column}>
          <dt>{column.name}</dt>
          <dd>
            <ColumnValue column={column} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
