const WORDS: Readonly<Record<string, string>> = {
  task: 'a person',
  timer: 'a moment in time',
  retry: 'the next attempt',
  'async-result': 'an outside answer',
  dispatch: 'another worker',
  event: 'an event',
  signal: 'a signal',
  child: 'a child run',
  incident: 'an operator (incident)',
  verification: 'an outcome to be found out',
  key: 'another run with the same key',
  checkpoint: 'its checkpoint to be run',
  capacity: 'a free place',
  version: 'a worker with its version',
  window: 'its time window',
  breaker: 'a service to recover',
};

/** What a run may wait for today; the words above know some that are still to come. */
export const WAIT_REASONS = [
  'task',
  'timer',
  'retry',
  'async-result',
  'dispatch',
  'event',
  'signal',
  'child',
  'incident',
  'verification',
  'key',
  'checkpoint',
] as const;

/** What a waiting run or step waits for, in words; a reason that this page does not know yet is shown as it is. */
export function waitWords(reasons: readonly string[]): string {
  return reasons.map((reason) => WORDS[reason] ?? reason).join(' and ');
}
