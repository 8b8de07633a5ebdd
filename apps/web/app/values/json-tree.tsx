// JSON as it is, with parts that fold. <details> does the folding: it works by keyboard and is found by the browser's own search.
import type { Json } from '../graphql.js';
import { isRecord, isScalar } from './shape.js';
import classes from './json-tree.module.css';

/** Parts below this depth, or with more entries than `MANY`, start folded. */
const OPEN_DEPTH = 2;
const MANY = 40;

interface JsonTreeProps {
  readonly value: Json;
  readonly name?: string;
  readonly depth?: number;
}

export function JsonTree({ value, name, depth = 0 }: JsonTreeProps) {
  const label = name === undefined ? null : <span className={classes.key}>{name}: </span>;
  if (isScalar(value)) {
    return (
      <div className={classes.line}>
        {label}
        <span className={classes.value} data-type={value === null ? 'null' : typeof value}>
          {JSON.stringify(value)}
        </span>
      </div>
    );
  }
  const entries: readonly (readonly [string, Json])[] = isRecord(value)
    ? Object.entries(value)
    : value.map((item, index) => [String(index), item] as const);
  const [open, close] = isRecord(value) ? ['{', '}'] : ['[', ']'];
  if (entries.length === 0) {
    return (
      <div className={classes.line}>
        {label}
        {open + close}
      </div>
    );
  }
  return (
    <details className={classes.branch} open={depth < OPEN_DEPTH && entries.length <= MANY}>
      <summary className={classes.line}>
        {label}
        <span className={classes.fold}>
          {open} {entries.length} {close}
        </span>
      </summary>
      <div className={classes.children}>
        {entries.map(([key, item]) => (
          <JsonTree key={key} name={key} value={item} depth={depth + 1} />
        ))}
      </div>
    </details>
  );
}
