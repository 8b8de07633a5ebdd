/**
 * Inputs by the thousand against every edge, all from one seed. An input is known by its edge and its number: the same seed makes the same
 * one again, alone. While they come, orders are started and handled, for a server that only refuses is no server.
 */
import fc from 'fast-check';
import type { Edge, Outcome } from './edge.js';
import type { House } from './house.js';

export interface Tally {
  readonly edge: string;
  inputs: number;
  accepted: number;
  failed: number;
  readonly answers: Map<string, number>;
}

export interface Failure {
  readonly edge: string;
  readonly number: number;
  readonly input: string;
  readonly faults: readonly string[];
}

export interface Campaign {
  readonly seed: number;
  readonly inputs: number;
  readonly log: (line: string) => void;
}

/** Made at a time: some of them are megabytes. */
const CHUNK = 100;
/** Sent between two looks at whether the server still does its work. */
const ROUND = 500;
/** Failures that look alike are kept so many times; all are counted. */
const OF_A_KIND = 2;

export interface CampaignOutcome {
  readonly tallies: readonly Tally[];
  readonly failures: readonly Failure[];
}

/** @param only one input of one edge */
export async function fuzz(
  edges: readonly Edge[],
  { seed, inputs, log }: Campaign,
  house?: House,
  only?: number,
): Promise<CampaignOutcome> {
  const failures: Failure[] = [];
  const kinds = new Map<string, number>();
  const tallies: Tally[] = [];
  const shares = edges.reduce((sum, { share }) => sum + share, 0);
  for (const edge of edges) {
    const tally: Tally = { edge: edge.name, inputs: 0, accepted: 0, failed: 0, answers: new Map() };
    tallies.push(tally);
    const count = Math.min(edge.most ?? Infinity, Math.ceil((inputs * edge.share) / shares));
    const source = numbered(edge, seed, only === undefined ? count : only + 1, only);
    const began = performance.now();
    const work = async (): Promise<void> => {
      for (const [number, input] of source) {
        if (house && number % ROUND === ROUND - 1) await house.replenish();
        const outcome = await attempted(edge, input);
        tally.inputs++;
        if (outcome.accepted) tally.accepted++;
        tally.answers.set(outcome.answer, (tally.answers.get(outcome.answer) ?? 0) + 1);
        if (outcome.faults.length === 0) continue;
        tally.failed++;
        const kind = `${edge.name} ${outcome.faults
          .join(' ')
          .replace(/[0-9a-f-]{36}|\d+/g, '')
          .slice(0, 120)}`;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        if ((kinds.get(kind) ?? 0) <= OF_A_KIND)
          failures.push({ edge: edge.name, number, input: JSON.stringify(input, shortened), faults: outcome.faults });
      }
    };
    const order = house && (await house.start('orders'));
    await Promise.all(Array.from({ length: edge.together }, work));
    await house
      ?.handleOrder(order)
      .catch((error: unknown) => failures.push({ edge: edge.name, number: -1, input: '', faults: [String(error)] }));
    log(
      `${edge.name}: ${tally.inputs} inputs, ${tally.accepted} accepted, ${tally.failed} failed, ${((performance.now() - began) / 1000).toFixed(1)} s`,
    );
  }
  return { tallies, failures };
}

async function attempted(edge: Edge, input: unknown): Promise<Outcome> {
  try {
    return await edge.attempt(input);
  } catch (error) {
    return { accepted: false, faults: [`Without an answer: ${String(error)}`], answer: 'none' };
  }
}

/** Shared by the workers of an edge: each takes the next one. */
function* numbered(edge: Edge, seed: number, count: number, only: number | undefined): Generator<[number, unknown], void> {
  for (let from = only === undefined ? 0 : only - (only % CHUNK); from < count; from += CHUNK) {
    const chunk = fc.sample(edge.inputs, { seed: seed * 1_000_003 + from, numRuns: Math.min(CHUNK, count - from) });
    for (const [index, input] of chunk.entries()) if (only === undefined || from + index === only) yield [from + index, input];
  }
}

function shortened(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > 4_000 ? `${value.slice(0, 200)}... (${value.length} characters)` : value;
}
