const FIELDS =
  'input:not([type="hidden"]):not(:disabled), textarea:not(:disabled), select:not(:disabled), [role="combobox"]:not([aria-disabled="true"])';

/** Into the first field of the answer that needs a person, or the first of all; where there is none, to the task's heading. */
export function focusFirstField(view: HTMLElement): void {
  const answer = view.querySelector<HTMLElement>('[data-answer]');
  const open = answer?.querySelector<HTMLElement>('[data-field][data-state="open"], [data-field][data-state="failed"]');
  const first = open ?? answer?.querySelector<HTMLElement>('[data-field]') ?? answer;
  if (!first || !focusInside(first)) view.querySelector<HTMLElement>('h1')?.focus();
}

/** Into the first field within; of a group of radio buttons the chosen one. @returns false when there is none */
export function focusInside(holder: HTMLElement): boolean {
  const first = holder.querySelector<HTMLElement>(FIELDS);
  const isRadio = first instanceof HTMLInputElement && first.type === 'radio';
  const chosen = isRadio ? holder.querySelector<HTMLElement>(`input[name="${CSS.escape(first.name)}"]:checked`) : null;
  // An empty list has a button that adds to it, files have one that chooses them.
  const target = chosen ?? first ?? holder.querySelector<HTMLElement>('button:not([data-confirm], [data-comments-of], :disabled)');
  target?.focus();
  return target !== null;
}

/** Into the first field that the server refused. */
export function focusFirstProblem(view: HTMLElement): void {
  const problem = view.querySelector<HTMLElement>('[aria-invalid="true"]');
  const field = problem?.matches(FIELDS) ? problem : problem?.querySelector<HTMLElement>(FIELDS);
  (field ?? view.querySelector<HTMLElement>('[role="alert"]'))?.focus();
}
