// At a field: that there are open comments on it, and how to write one. The latter is for the mouse alone: the form's way is from field to
// field, a key does it from within one, and the panel has the list of fields for everybody.
import { IconMessage, IconMessagePlus } from '@tabler/icons-react';
import { use } from 'react';
import { FieldCommentsContext } from './field-comments-context.js';
import classes from './field-comments.module.css';

export function FieldCommentMark({ field }: { readonly field: string }) {
  const comments = use(FieldCommentsContext);
  const count = comments?.open.get(field) ?? 0;
  const name = comments?.names.get(field);
  if (!comments || (count === 0 && name === undefined)) return null;
  return (
    <span className={classes.mark}>
      {count > 0 ? (
        <button
          type="button"
          data-comments-of={field}
          className={classes.markButton}
          aria-label={`${count === 1 ? '1 open comment' : `${count} open comments`} on ${name ?? field}`}
          onClick={() => comments.onShow(field)}
        >
          <IconMessage size={14} stroke={1.9} aria-hidden="true" /> {count}
        </button>
      ) : (
        <button
          type="button"
          data-comments-of={field}
          tabIndex={-1}
          aria-hidden="true"
          className={classes.writeButton}
          title={`Comment on ${name ?? field}`}
          onClick={() => comments.onWrite(field)}
        >
          <IconMessagePlus size={14} stroke={1.9} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}
