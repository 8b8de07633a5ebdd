// What an entry of a task's history says, in words; what was said by whoever did it; and what nobody has words for.
import { fieldTitle } from '../../../form/field-address.js';
import type { Json } from '../../../graphql.js';
import { humaniseKey } from '../../../values/humanise-key.js';
import { isRecord } from '../../../values/shape.js';

export interface HistoryEntry {
  readonly kind: string;
  readonly actor: { readonly name: string } | null;
  readonly details: Json | null;
}

export interface HistoryWords {
  readonly sentence: string;
  /** The reason, note or comment that a person gave. */
  readonly said: string | undefined;
  /** What the workflow gave as the reason of what nobody did. */
  readonly told: string | undefined;
  /** What a comment said before. */
  readonly was: string | undefined;
  readonly rest: { readonly [key: string]: Json };
}

const DONE: Readonly<Record<string, string>> = {
  opened: 'Opened',
  claimed: 'Claimed',
  drafted: 'Draft written',
  reviewed: 'Answered',
  'taken-over': 'Taken over',
  reassigned: 'Reassigned',
  delegated: 'Handed on',
  escalated: 'Escalated',
  expired: 'Nobody decided in time',
  released: 'Given back',
  skipped: 'Skipped',
  undone: 'Decision taken back',
  commented: 'Commented',
  'comment-edited': 'Comment changed',
  'comment-resolved': 'Comment resolved',
  'comment-reopened': 'Comment opened again',
  completed: 'Decided',
  canceled: 'Canceled',
};

/** Keys of the details that the sentence tells. */
const TOLD = [
  ...['reason', 'note', 'to', 'for', 'isNobodyThere', 'toGroups', 'toUsers', 'names', 'takenFrom', 'from', 'fromGroups', 'after', 'step'],
  ...['comment', 'answers', 'field', 'text', 'before', 'mentions', 'withdraws', 'isDisputed', 'isNobodyLeft'],
];

/** @param form the JSON Schema of the answer: gives titles */
export function historyWords({ kind, actor, details }: HistoryEntry, form?: Json): HistoryWords {
  const known = details !== null && isRecord(details) ? details : {};
  const given = textOf(known.reason) ?? textOf(known.note) ?? textOf(known.text);
  const isTold = actor === null || typeof known.step === 'number';
  const rest = Object.fromEntries(Object.entries(known).filter(([key]) => !TOLD.includes(key)));
  const sentence = sentenceOf(kind, actor?.name, known, form);
  return { sentence, said: isTold ? undefined : given, told: isTold ? given : undefined, was: textOf(known.before), rest };
}

function sentenceOf(kind: string, by: string | undefined, details: { readonly [key: string]: Json }, form: Json | undefined): string {
  if (kind === 'lapsed') return `The claim of ${by ?? 'its holder'} has lapsed`;
  if (kind === 'canceled' && by === undefined)
    return 'withdraws' in details ? 'Closed with its run, and the decision withdrawn' : 'Closed with its run';
  if (kind === 'prioritized')
    return `Priority ${JSON.stringify(details.to)} instead of ${JSON.stringify(details.from)}, by ${by ?? 'somebody'}`;
  const to = [...namesOf(details.to), ...namesOf(details.toUsers), ...namesOf(details.toGroups), ...namesOf(details.names)];
  const instead = namesOf(details.for)[0];
  const from = nameOf(details.takenFrom);
  const field = textOf(details.field);
  const what =
    typeof details.step === 'number'
      ? [`Escalation, step ${details.step}: ${escalationWords(kind, to)}`]
      : [
          DONE[kind] ?? humaniseKey(kind),
          by === undefined ? '' : ` by ${by}`,
          to.length > 0 ? ` ${kind === 'opened' ? 'for' : 'to'} ${to.join(', ')}` : '',
        ];
  return [
    ...what,
    field === undefined ? '' : ` on ${fieldTitle(form, field)}`,
    details.isDisputed === true ? '; the answers differ' : '',
    details.isNobodyLeft === true ? '; nobody is left who may decide it' : '',
    details.isNobodyThere === true ? away(to.length > 0, instead) : instead === undefined ? '' : `, who stands in for ${instead}`,
    from === undefined ? '' : kind === 'claimed' ? `, when the claim of ${from} had lapsed` : `, from ${from}`,
  ].join('');
}

/** What a step of the escalation has done to the task. */
function escalationWords(kind: string, to: readonly string[]): string {
  if (kind === 'completed') return 'answered by default, for nobody decided in time';
  if (kind === 'expired') return 'nobody decided in time, and the screen has failed';
  if (to.length === 0) return 'the task stays whose it is';
  return `${kind === 'reassigned' ? 'given to' : 'told'} ${to.join(', ')}`;
}

/** Those who stand in for each other, in turn. */
function away(hasIt: boolean, meant: string | undefined): string {
  return hasIt
    ? ', who is away, as is whoever stands in'
    : ` to those who may claim it: ${meant ?? 'whoever was meant'} is away, as is whoever stands in`;
}

function namesOf(value: Json | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((name) => textOf(name) ?? []);
}

function nameOf(actor: Json | undefined): string | undefined {
  return actor !== undefined && isRecord(actor) ? textOf(actor.name) : undefined;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
