// What the steps of a task's escalation do, or were to do, in words; and when. What became of the task its own history tells: a step that gives
// it to somebody whom it excludes, or that comes while a person decides, changes nothing.
import { businessTime } from '../../graph/node-words.js';
import type { ChainLine } from '../../graph/graph-state.js';
import { formatDuration } from '../../time/format-duration.js';
import type { RunStep } from '../run.query.js';

export type Escalation = RunStep['escalations'][number];

export function chainLine(escalation: Escalation): ChainLine {
  const { number, status, dueAt, at } = escalation;
  return { key: number, status, words: escalationWords(escalation), at: at ?? dueAt, note: noteOf(escalation) };
}

export function escalationWords(escalation: Escalation): string {
  const { what, status, error, namesNobody } = escalation;
  const whom = escalation.whom ?? 'whom the run names';
  const handler = escalation.handler ?? 'its handler';
  const isDone = status === 'completed';
  switch (what) {
    case 'assign':
      if (error) return 'Whom to give it to could not be said';
      if (!isDone) return `Give it to ${whom}`;
      return namesNobody ? 'Named nobody: it stayed as it was' : `Was to go to ${whom}`;
    case 'notify':
      if (error) return 'Whom to tell could not be said';
      if (!isDone) return `Tell ${whom}`;
      return escalation.whom === null ? 'Named nobody to tell' : `Was to be told: ${whom}`;
    case 'run':
      if (error) return `${handler} came to nothing`;
      if (!isDone) return `Run ${handler}`;
      if (escalation.as === 'assign') return `${handler}: ${escalation.whom === null ? 'named nobody' : `was to go to ${whom}`}`;
      return escalation.as === 'answer' ? `${handler}: answered` : `${handler} has run`;
    case 'answer':
      if (error) return 'The answer by default could not be given';
      return isDone ? 'Answered by default' : 'Answer by default';
    default:
      return isDone ? 'Nobody decided: the screen has failed' : 'Fail the screen';
  }
}

/** Where no instant says it: those behind the next one count from when that has come. */
function noteOf({ status, dueAt, after, afterMs }: Escalation): string | undefined {
  if (status === 'skipped') return 'skipped';
  if (status !== 'waiting' || dueAt !== null) return undefined;
  return `${after === null ? formatDuration(afterMs ?? 0) : businessTime(after)} later`;
}
