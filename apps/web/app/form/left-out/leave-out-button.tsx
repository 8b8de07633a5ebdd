import { Button } from '@mantine/core';
import type { FieldTemplateProps } from '@rjsf/utils';
import { use, useEffect, useRef } from 'react';
import { focusInside } from '../focus-first-field.js';
import { AnswerContext } from './answer-context.js';
import { canLeaveOut } from './can-leave-out.js';

/** Below a group that need not be there, and is. Empty again, the group has the focus: the button is gone. */
export function LeaveOutButton(field: FieldTemplateProps) {
  const isOffered = canLeaveOut(field, use(AnswerContext));
  const emptied = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isOffered || !emptied.current) return;
    focusInside(emptied.current);
    emptied.current = null;
  }, [isOffered]);
  if (!isOffered) return null;
  const { label, fieldPathId, id, onChange } = field;
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      aria-label={`Leave it out: ${label}`}
      onClick={({ currentTarget }) => {
        emptied.current = currentTarget.closest<HTMLElement>('[data-field]');
        onChange(undefined, fieldPathId.path, undefined, id);
      }}
    >
      Leave it out
    </Button>
  );
}
