// From the path of a field (`parts.0.cost`) to its element in the form, and back. The form gives its elements ids made of the path; a
// component of a workflow's own says `data-field`.
import type { Json } from '../graphql.js';
import { fieldOf, itemOf, titleOf } from '../values/form-words.js';
import { isRecord } from '../values/shape.js';
import { humaniseKey } from '../values/humanise-key.js';

/** Begins the ids of a form's fields. */
export const FORM_ID = 'answer';

const FOCUSABLE = ':is(input, textarea, select, button, [tabindex]):not(:disabled):not([type="hidden"])';

/** @param paths of the fields that are asked about. @returns the one that has the element, the innermost if they are nested */
export function fieldAround(element: Element, paths: readonly string[]): string | undefined {
  const innermost = [...paths].sort((one, other) => other.length - one.length);
  return innermost.find((path) => element.closest(selectorOf(path)) !== null);
}

/** Moves the focus into a field. @returns whether there is one that takes it */
export function focusField(path: string): boolean {
  const [first, ...more] = document.querySelectorAll<HTMLElement>(`[data-answer] :is(${selectorOf(path)})`);
  const all = first ? [first, ...more] : [];
  const inside = all.flatMap((one) => (one.matches(FOCUSABLE) ? [one] : [...one.querySelectorAll<HTMLElement>(FOCUSABLE)]));
  // Of a group of radio buttons the chosen one.
  const field = inside.find((one) => one instanceof HTMLInputElement && one.type === 'radio' && one.checked) ?? inside[0];
  field?.focus();
  return field !== undefined && document.activeElement === field;
}

/** The names of the fields on the way, as the form has them: `Parts 1 › Cost`. */
export function fieldTitle(form: Json | undefined, path: string): string {
  const names: string[] = [];
  let part = form;
  for (const key of path.split('.')) {
    const isItem = /^\d+$/.test(key);
    part = isItem ? itemOf(part) : fieldOf(part, key);
    if (isItem) names.push(`${names.pop() ?? ''} ${Number(key) + 1}`);
    else names.push(titleOf(part) ?? humaniseKey(key));
  }
  return names.join(' › ');
}

/** Fields as they stand in the form, whatever the order in which they are kept. */
export function inFormOrder(form: Json, paths: readonly string[]): readonly string[] {
  const order = isRecord(form) && Array.isArray(form['x-order']) ? form['x-order'] : [];
  const rank = (path: string) => order.indexOf(path.split('.')[0] ?? path);
  return [...paths].sort((one, other) => rank(one) - rank(other));
}

/** The field itself, its choices, and what lies in a group or a list. */
function selectorOf(path: string): string {
  const id = `${FORM_ID}_${path.replaceAll('.', '_')}`;
  return `[id="${CSS.escape(id)}"], [id^="${CSS.escape(id)}-"], [data-field="${CSS.escape(path)}"]`;
}
