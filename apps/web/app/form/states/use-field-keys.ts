// The keys of a form with a suggestion. Tab goes to the next field that is open or has failed; behind the last one, and with Shift, it goes on
// as everywhere, so that it leads out of the form. Enter in a field of one line says that it is right, and goes to the next one that nobody
// has looked at; Alt+Enter does so in every field.
import { useLocalStorage } from '@mantine/hooks';
import type { KeyboardEvent } from 'react';
import { useActions } from '../../actions/use-actions.js';
import { focusInside } from '../focus-first-field.js';
import type { FieldState } from './field-states.js';

/** What one fills in; buttons beside it are no part of the way. */
const ENTRIES = ':is(input:not([type="hidden"]), textarea, select):not(:disabled)';

const NEEDS_A_PERSON: readonly (FieldState['state'] | undefined)[] = ['open', 'failed'];
const NOT_SETTLED: readonly (FieldState['state'] | undefined)[] = ['suggested', 'open', 'failed'];

interface FieldKeys {
  /** Undefined: the form has no states, and its keys are the usual ones. */
  readonly states: readonly FieldState[] | undefined;
  readonly confirm: (keys: readonly string[]) => void;
}

export function useFieldKeys({ states = NONE, confirm }: FieldKeys) {
  const [tabsToOpen, setTabsToOpen] = useLocalStorage({ key: 'stepwell-tab-to-open', defaultValue: true, getInitialValueInEffect: false });

  const confirmHere = (from: Element | null) => {
    const holder = from?.closest<HTMLElement>('[data-field]');
    const here = states.find(({ key }) => key === holder?.dataset['field']);
    if (here?.isConfirmable) confirm([here.key]);
    const next = from && nextOf(states, from, NOT_SETTLED);
    if (next) focusInside(next);
  };
  const suggested = () => states.filter(({ state }) => state === 'suggested').map(({ key }) => key);
  useActions(
    'form',
    'Answer',
    states.length === 0
      ? []
      : [
          {
            id: 'form.confirm',
            name: 'Confirm the field and go on',
            keys: [{ key: 'alt+Enter', within: '[data-answer]' }],
            isMove: true,
            run: confirmHere,
          },
          {
            id: 'form.confirm-all',
            name: 'Confirm all that is suggested',
            isEnabled: () => suggested().length > 0,
            run: () => confirm(suggested()),
          },
        ],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { target, key } = event;
    const isPlain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey && !event.nativeEvent.isComposing;
    if (states.length === 0 || !isPlain || event.defaultPrevented || !(target instanceof HTMLElement)) return;
    if (key === 'Enter' && isOfOneLine(target)) {
      event.preventDefault();
      confirmHere(target);
    } else if (key === 'Tab' && tabsToOpen && !target.closest('[aria-expanded="true"]') && !hasMoreBehind(target)) {
      const next = nextOf(states, target, NEEDS_A_PERSON);
      if (!next) return;
      event.preventDefault();
      focusInside(next);
    }
  };
  return { tabsToOpen, setTabsToOpen, onKeyDown };
}

const NONE: readonly FieldState[] = [];

/** The first field behind an element, as they stand on the page, that has one of these states. */
function nextOf(
  states: readonly FieldState[],
  from: Element,
  wanted: readonly (FieldState['state'] | undefined)[],
): HTMLElement | undefined {
  const form = from.closest('[data-answer]');
  const holders = states.flatMap(({ key, state }) => {
    const holder = wanted.includes(state) ? form?.querySelector<HTMLElement>(`[data-field="${CSS.escape(key)}"]`) : null;
    return holder ? [holder] : [];
  });
  return holders.find(
    (holder) => !holder.contains(from) && (from.compareDocumentPosition(holder) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
  );
}

/** Another part of the same field, such as the currency behind an amount. Of radio buttons one is for all. */
function hasMoreBehind(target: HTMLElement): boolean {
  const entries = [...(target.closest('[data-field]')?.querySelectorAll<HTMLInputElement>(ENTRIES) ?? [])];
  const { name, type } = target as HTMLInputElement;
  return entries.some(
    (entry) =>
      entry !== target &&
      !(type === 'radio' && entry.type === 'radio' && entry.name === name) &&
      entry.tabIndex >= 0 &&
      (target.compareDocumentPosition(entry) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
  );
}

/** Where Enter does nothing by itself. */
function isOfOneLine(target: HTMLElement): boolean {
  return (
    target instanceof HTMLInputElement &&
    !['file', 'button', 'submit'].includes(target.type) &&
    !target.closest('[role="combobox"], [aria-haspopup]')
  );
}
