import type { ExecuteAction, FactDraft } from '@stepwell/engine';
import { mayBeginEarly } from './may-begin-early.js';

const drafts = (...types: string[]) => types.map((type) => ({ type })) as FactDraft[];
const again = { resumed: { data: null } } as ExecuteAction;
const anew = { resumed: undefined } as ExecuteAction;

describe('a step begins while the facts before it are on their way', () => {
  it.each([
    ['behind a timer that is over', [anew], drafts('wait.completed')],
    ['with the result that it asked for', [again], drafts('async-result.settled')],
    ['again, when its time has come beside a timer', [again], drafts('wait.completed', 'async-result.settled')],
  ])('%s', (_why, toStart, facts) => expect(mayBeginEarly(toStart, facts)).toBe(true));

  it.each([
    ['when there is nothing to begin', [], drafts('wait.completed')],
    ['when an output is among them', [anew], drafts('wait.completed', 'step.completed')],
    ['when something was chosen by the timer', [anew], drafts('wait.completed', 'race.won')],
    ['when an effect outside has to be written first', [anew], drafts('wait.completed', 'effect.begun')],
    ['when another step follows from a result', [again, anew], drafts('async-result.settled')],
    ['when the run is to be canceled', [anew], drafts('wait.completed', 'cancel.requested')],
  ])('not %s', (_why, toStart, facts) => expect(mayBeginEarly(toStart, facts)).toBe(false));
});
