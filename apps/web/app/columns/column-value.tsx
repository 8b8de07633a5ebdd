// What a workflow's own column says of one run: a text, a dash for nothing, or a mark that it could not be read, with the reason.
import { IconAlertTriangle } from '@tabler/icons-react';
import classes from './column-value.module.css';

export interface Column {
  readonly name: string;
  readonly value: string | null;
  readonly error: string | null;
}

export function ColumnValue({ column: { value, error } }: { readonly column: Column }) {
  if (error !== null) {
    return (
      <span className={classes.broken} title={error}>
        <IconAlertTriangle size={12} stroke={2} aria-hidden="true" />
        <span>
          not readable<span className="visually-hidden">: {error}</span>
        </span>
      </span>
    );
  }
  return <>{value ?? '—'}</>;
}
