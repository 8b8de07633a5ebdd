import type { FieldTemplateProps } from '@rjsf/utils';
import type { Json } from '../../graphql.js';
import { valueAt } from '../form-fields.js';

type Field = Pick<FieldTemplateProps, 'schema' | 'uiSchema' | 'required' | 'disabled' | 'readonly' | 'fieldPathId'>;

/**
 * Whether a field is a group that need not be there, and is: a box that was ticked by mistake says no when it is no longer ticked, and then
 * all that the group needs is missed.
 *
 * @param answer without what is left out of it
 */
export function canLeaveOut({ schema, uiSchema, required, disabled, readonly, fieldPathId: { path } }: Field, answer: Json): boolean {
  if (required || disabled || readonly || path.length === 0) return false;
  // Files and amounts have a field of their own, in which they are emptied.
  if (!schema.properties || uiSchema?.['ui:field'] !== undefined) return false;
  return valueAt(answer, path.join('.')) !== undefined;
}
