// What a node is and what its author set, in words.
import type { Json } from '../graphql.js';
import { formatDuration } from '../time/format-duration.js';
import { formatInstant } from '../time/format-instant.js';
import { humaniseKey, humaniseWord } from '../values/humanise-key.js';
import type { DrawnNode } from './graph.fragment.js';

const KINDS: Readonly<Record<string, string>> = {
  if: 'Choice',
  'ab-split': 'A/B split',
  'for-each-run': 'A run for each',
  inject: 'Inject point',
  'sub-workflow': 'Sub-workflow',
  'wait-for-event': 'Wait for an event',
  'wait-for-signal': 'Wait for a signal',
  emit: 'Emit an event',
  'emit-records': 'Emitter',
};

export function kindWord(kind: string): string {
  return KINDS[kind] ?? humaniseKey(kind);
}

/** One phrase for each thing that was set: `3 attempts`, `due in 4 h`. */
export function optionWords({ options }: Pick<DrawnNode, 'options'>): string[] {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return [];
  return Object.entries(options).flatMap(([key, value]) => (DRAWN.has(key) ? [] : [phrase(key, value)]));
}

function phrase(key: string, value: Json): string {
  const known = typeof value === 'number' ? COUNTS[key]?.(value) : undefined;
  if (known !== undefined) return known;
  if (key === 'due' && typeof value === 'string') return `due in ${businessTime(value)}`;
  if (typeof value === 'number' && key.endsWith('Ms')) return `${lower(key.slice(0, -2))} ${formatDuration(value)}`;
  if (typeof value === 'number' && key.endsWith('At')) return `${lower(key.slice(0, -2))} ${formatInstant(new Date(value).toISOString())}`;
  // Code and ids are told as they are.
  const word = CODE.has(key) ? key : IDS[key];
  if (word !== undefined && typeof value === 'string') return `${word} ${value}`;
  const text = typeof value === 'string' ? lower(value) : JSON.stringify(value);
  return key === 'mode' ? text : `${lower(key)} ${text}`;
}

/** Options whose value is a text of the program. */
const CODE: ReadonlySet<string> = new Set(['by', 'while', 'until']);

/** Options whose value is an id; under which word it stands. */
const IDS: Readonly<Record<string, string>> = { queue: 'queue', compensate: 'undo' };

/** What is not a word of the node but drawn with its branches. */
const DRAWN: ReadonlySet<string> = new Set(['rest']);

const COUNTS: Readonly<Record<string, (value: number) => string>> = {
  attempts: (count) => `${count} attempts`,
  backoffMs: (pause) => `${formatDuration(pause)} apart at first`,
  concurrency: (count) => (count === 1 ? 'one at a time' : `${count} at a time`),
  maxIterations: (count) => `at most ${count} turns`,
  dueMs: (after) => `due in ${formatDuration(after)}`,
  durationMs: (time) => formatDuration(time),
  undoMs: (time) => `undo for ${formatDuration(time)}`,
  escalations: (count) => (count === 1 ? '1 escalation' : `${count} escalations`),
  batchSize: (count) => `${count} records a batch`,
};

const BUSINESS: Readonly<Record<string, string>> = { bd: 'business day', bh: 'business hour', bm: 'business minute' };

/** `3bd` as "3 business days"; a text that is none as it is. */
export function businessTime(text: string): string {
  const [, count, unit] = /^(\d+)(b[dhm])$/.exec(text) ?? [];
  const word = BUSINESS[unit ?? ''];
  return word === undefined ? text : `${count} ${word}${count === '1' ? '' : 's'}`;
}

function lower(word: string): string {
  return humaniseWord(word).toLowerCase();
}
