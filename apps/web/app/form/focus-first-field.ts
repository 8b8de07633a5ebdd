const FIELDS =
  'input:not([type="hidden"]):not(:disabled), textarea:not(:disabled), select:not(:disabled), [role="combobox"]:not([aria-disabled="true"])';

/** Into the first field of the answer; where there is none, to the task's heading. Of a group of radio buttons the chosen one. */
export function focusFirstField(view: HTMLElement): void {
  const field = view.querySelector<HTMLElement>(`[data-answer] :is(${FIELDS})`);
  const isRadio = field instanceof HTMLInputElement && field.type === 'radio';
  const chosen = isRadio ? view.querySelector<HTMLElement>(`input[name="${CSS.escape(field.name)}"]:checked`) : null;
  (chosen ?? field ?? view.querySelector<HTMLElement>('h1'))?.focus();
}

/** Into the first field that the server refused. */
export function focusFirstProblem(view: HTMLElement): void {
  const problem = view.querySelector<HTMLElement>('[aria-invalid="true"]');
  const field = problem?.matches(FIELDS) ? problem : problem?.querySelector<HTMLElement>(FIELDS);
  (field ?? view.querySelector<HTMLElement>('[role="alert"]'))?.focus();
}
