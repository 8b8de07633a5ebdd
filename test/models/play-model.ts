/**
 * A part of the system beside a small model of it: random sequences of moves are made in both, and what comes of each must be the same. A
 * sequence that fails is shrunk, and printed with the command that plays it again and shows each move with what came of it.
 *
 * `STEPWELL_MODELS=1000` plays a thousand sequences, from a seed of the moment; `STEPWELL_SEED` names one.
 */
import fc from 'fast-check';
import { firstSeed } from './first-seed.js';

const { STEPWELL_MODELS, STEPWELL_PATH, STEPWELL_REPLAY } = process.env;
/** Milliseconds for each sequence, more than any takes: it ends what hangs. */
const EACH_MS = 5_000;

export interface Move<Model, Real> {
  readonly name: string;
  /** Whether it can be made now; absent: always. */
  readonly isPossible?: (model: Readonly<Model>) => boolean;
  /** Makes it in both, and compares. @returns what it came to, which is counted */
  readonly make: (model: Model, real: Real) => Promise<string>;
}

export interface ModelTest<Model extends object, Real, Start = null> {
  /** Of the test, from the root of the project; and a part of its name that no other one has. */
  readonly file: string;
  readonly name: string;
  /** How many sequences, when nobody asks for more. */
  readonly sequences: number;
  /** Moves of one, at most. */
  readonly moves: number;
  readonly move: fc.Arbitrary<Move<Model, Real>>;
  /** Where sequences begin. */
  readonly start: fc.Arbitrary<Start>;
  /** Before each sequence. */
  readonly begin: (start: Start) => Promise<{ readonly model: Model; readonly real: Real }>;
  /** After it: brings it to its end, compares what is left, and cleans up. */
  readonly end: (model: Model, real: Real) => Promise<void>;
  /** How often each of these has to be seen in a hundred sequences: a test in which nothing happens proves nothing. */
  readonly mustSee: Readonly<Record<string, number>>;
}

class Command<Model extends object, Real> implements fc.AsyncCommand<Model, Real> {
  constructor(
    private readonly move: Move<Model, Real>,
    private readonly came: (name: string, to: string) => void,
  ) {}

  check(model: Readonly<Model>): boolean {
    return this.move.isPossible?.(model) ?? true;
  }

  async run(model: Model, real: Real): Promise<void> {
    try {
      this.came(this.move.name, await this.move.make(model, real));
    } catch (error) {
      this.came(this.move.name, `FAILED: ${messageOf(error)}`);
      throw error;
    }
  }

  toString(): string {
    return this.move.name;
  }
}

/** @returns how many milliseconds it may take */
export function modelTimeout(sequences: number): number {
  return Math.max(600_000, EACH_MS * Number(STEPWELL_MODELS ?? sequences));
}

/** @throws Error with the moves of a sequence in which the two were not the same, and how to play it again */
export async function playModel<Model extends object, Real, Start>(test: ModelTest<Model, Real, Start>): Promise<void> {
  const seen = new Map<string, number>();
  let steps: string[] = [];
  const came = (name: string, to: string): void => {
    steps.push(`${name}: ${to}`);
    for (const what of to.split(', ')) seen.set(what, (seen.get(what) ?? 0) + 1);
  };
  const numRuns = Number(STEPWELL_MODELS ?? test.sequences);
  const seed = firstSeed(test.file, STEPWELL_MODELS !== undefined);
  const sequence = fc.commands([test.move.map((move) => new Command(move, came))], {
    maxCommands: test.moves,
    size: 'max',
    ...(STEPWELL_REPLAY === undefined ? {} : { replayPath: STEPWELL_REPLAY }),
  });
  const property = fc.asyncProperty(test.start, sequence, async (start, commands) => {
    steps = [];
    const { model, real } = await test.begin(start);
    await fc.asyncModelRun(() => ({ model, real }), commands);
    await test.end(model, real);
  });
  const which = STEPWELL_PATH === undefined ? { numRuns } : { path: STEPWELL_PATH, numRuns: 1, endOnFailure: true };
  // As many long sequences as short ones.
  const found = await fc.check(property, { seed, unbiased: true, ...which });
  if (STEPWELL_PATH !== undefined) process.stdout.write(`${steps.join('\n')}\n`);
  if (found.failed) {
    const [start, commands] = found.counterexample ?? [];
    const moves = `${commands as unknown as string}`;
    const replay = /replayPath="([^"]*)"/.exec(moves)?.[1] ?? '';
    const again = `STEPWELL_SEED=${seed} STEPWELL_PATH='${found.counterexamplePath}' STEPWELL_REPLAY='${replay}' npm run jest -- ${test.file} -t '${test.name}'`;
    const cause = found.errorInstance;
    throw new Error(`${messageOf(cause)}\nFrom ${JSON.stringify(start)}: ${moves}\nAgain: ${again}`, { cause });
  }
  if (STEPWELL_PATH !== undefined) return;
  const rare = Object.entries(test.mustSee).filter(([what, least]) => (seen.get(what) ?? 0) < (least * numRuns) / 100);
  if (rare.length > 0) {
    const counts = [...seen].sort().map(([what, count]) => `${what} ${count}`);
    throw new Error(
      `Too rare in ${numRuns} sequences: ${rare.map(([what, least]) => `${what} (${least})`).join(', ')}; seen: ${counts.join(', ')}.`,
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
