// Around each field of a form: its address (`data-field`), and below it how far it has come, where something was suggested.
import { Theme } from '@rjsf/mantine';
import type { FieldTemplateProps } from '@rjsf/utils';
import { use, useId } from 'react';
import { FieldCommentMark } from '../comments/field-comment-mark.js';
import { LeaveOutButton } from '../left-out/leave-out-button.js';
import { FieldStatesContext } from './field-states-context.js';
import { STATE_ICONS, wordsOf } from './state-words.js';
import classes from './field-states.module.css';

const Plain = Theme.templates?.FieldTemplate as React.ComponentType<FieldTemplateProps>;

export function FieldStateTemplate(props: FieldTemplateProps) {
  const { fieldPathId, hidden } = props;
  const states = use(FieldStatesContext);
  const wordsId = useId();
  const key = fieldPathId.path.join('.');
  const field = states?.byKey.get(key);
  if (key === '' || hidden) return <Plain {...props} />;
  if (!states || field?.state === undefined)
    return (
      <div data-field={key} className={classes.place}>
        <Plain {...props} />
        <LeaveOutButton {...props} />
        <FieldCommentMark field={key} />
      </div>
    );
  const Icon = STATE_ICONS[field.state];
  return (
    <div data-field={key} data-state={field.state} className={`${classes.place} ${classes.field}`} role="group" aria-labelledby={wordsId}>
      <Plain {...props} />
      <div className={classes.line}>
        <span id={wordsId} className={classes.words}>
          <Icon size={14} stroke={1.9} aria-hidden="true" />
          {wordsOf(field)}
        </span>
        {field.isConfirmable && !states.isDisabled ? (
          <button
            type="button"
            data-confirm
            className={classes.confirm}
            aria-label={`Confirm ${field.name}`}
            onClick={() => states.confirm([key])}
          >
            Confirm
          </button>
        ) : null}
      </div>
      <FieldCommentMark field={key} />
    </div>
  );
}
