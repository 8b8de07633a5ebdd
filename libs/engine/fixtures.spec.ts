/**
 * Journals that released versions have written, recorded from real runs. They must fold to the same state for ever: a file here is never
 * changed, and a new version of a fact gets a new file. `state` is what the journal came to when it was recorded.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fold } from './apply.js';
import type { Fact } from './facts/fact.js';
import { FACT_TYPES } from './facts/index.js';
import type { RunState } from './run-state.js';

interface Fixture {
  readonly workflow: string;
  readonly facts: readonly Fact[];
  readonly state: object;
}

const FOLDER = join(import.meta.dirname, 'fixtures');
const FIXTURES = readdirSync(FOLDER).map((file) => [file, JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Fixture] as const);

describe('recorded journals', () => {
  it.each(FIXTURES)('%s folds to what it came to then', (_file, { facts, state }) => {
    expect(summary(fold(facts))).toMatchObject(state);
  });

  it.each(FIXTURES)('%s folds from every beginning of it', (_file, { facts }) => {
    for (let length = 0; length <= facts.length; length++) expect(fold(facts.slice(0, length)).lastSeq).toBe(length);
  });

  it('hold every version of every fact type', () => {
    const recorded = new Set(FIXTURES.flatMap(([, { facts }]) => facts.map((fact) => `${fact.type} ${fact.version}`)));
    const released = [...FACT_TYPES.values()].flatMap(({ type, version }) =>
      Array.from({ length: version }, (_, index) => `${type} ${index + 1}`),
    );
    expect(released.filter((one) => !recorded.has(one))).toEqual([]);
  });
});

function summary({ progress: _, nodes, asyncResults, consumedEvents, signals, unheard, saved, injected, ...state }: RunState): object {
  const maps = {
    nodes: Object.fromEntries(nodes),
    asyncResults: Object.fromEntries(asyncResults),
    signals: Object.fromEntries(signals),
    unheard: Object.fromEntries(unheard),
    saved: Object.fromEntries(saved),
    injected: Object.fromEntries(injected),
    consumedEvents: Object.fromEntries(consumedEvents),
  };
  return JSON.parse(JSON.stringify({ ...state, ...maps })) as object;
}
