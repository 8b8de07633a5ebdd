import { MOST_COUNTED, type WaitCauseRow } from '@stepwell/storage';
import type { WaitCauseObject } from './wait-cause.object.js';

type Words = (cause: WaitCauseRow) => string;

const named = (name: string | null, words = ' ') => (name === null ? '' : `${words}${name}`);

/** A sentence for each kind; when something is due is said beside it. */
const WORDS: Readonly<Record<string, Words>> = {
  cancel: () => 'It is to be canceled: what has to be done before its end comes first.',
  paused: ({ name }) => `It was paused${named(name, ' by ')}, until somebody resumes it.`,
  lease: ({ name }) => (name === null ? 'A worker has it that is not known any more.' : `Worker ${name} has it and is at work on it.`),
  'no-worker': ({ name }) => `No worker that lives serves its queue, ${name}.`,
  version: ({ name }) => `Workers serve its queue, but none of them has ${name}.`,
  isolation: ({ count }) => `${some(count, 'worker')} died with it: it waits for a process of its own.`,
  capacity: ({ name, count, limit }) =>
    `Its workflow lets ${some(limit, 'run')} be at work at a time${named(name, ' for ')}; ${amount(count)} ${is(count)}.`,
  singleton: ({ name }) => `Its workflow lets one run be alive at a time${named(name, ' for ')}, and one is.`,
  'tenant-limit': ({ count, limit }) => `Its tenant may have ${some(limit, 'run')} at work at a time; ${amount(count)} ${is(count)}.`,
  queue: ({ name, count, limit }) =>
    `${count === 0 ? 'It is the next one of its tenant' : `${some(count, 'run')} of its tenant go${count === 1 ? 'es' : ''} before it`} in queue ${name}${
      (limit ?? 0) === 0 ? '' : `; ${some(limit, 'other tenant')} take${limit === 1 ? 's' : ''} turns with it`
    }.`,
  due: () => 'Its moment has come: a worker with room goes on with it.',
  incident: ({ name }) => `A step cannot go on without a person${named(name, ': ')}`,
  checkpoint: () => 'It was stopped behind a step, until that checkpoint is run.',
  task: ({ name }) => `A person is to decide: ${name}`,
  timer: () => 'It waits for a moment in time.',
  retry: () => 'An attempt has failed: the next one comes after a pause.',
  'async-result': () => 'An outside service is to answer.',
  verification: () => 'Whether an effect happened is being found out.',
  key: ({ name }) => `Another run is at work under the same idempotency key${named(name)}.`,
  dispatch: ({ name }) => `A step is for the workers of queue ${name}.`,
  event: ({ name }) => `It waits for the event ${name}.`,
  signal: ({ name }) => `It waits for the signal${named(name)}.`,
  child: ({ count }) => `${some(count, 'child run')} ${count === 1 ? 'has' : 'have'} not ended.`,
};

export function waitCauseObject(row: WaitCauseRow): WaitCauseObject {
  return { ...row, words: WORDS[row.kind]?.(row) ?? row.kind, until: row.until === null ? null : row.until.toISOString() };
}

function amount(count: number | null): string {
  return (count ?? 0) > MOST_COUNTED ? `more than ${MOST_COUNTED.toLocaleString('en')}` : (count ?? 0).toLocaleString('en');
}

function some(count: number | null, what: string): string {
  return `${amount(count)} ${what}${count === 1 ? '' : 's'}`;
}

function is(count: number | null): string {
  return count === 1 ? 'is' : 'are';
}
