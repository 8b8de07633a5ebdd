/**
 * `npm run bench` from the command line to its table and its JSON, with what needs none of its packages: the server's module as the benchmark
 * opens it, the bare loop, the servers of its own, and what each finds in its database afterwards; and where a profile says that time went.
 * Small and once; figures are not judged here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

const COUNT = 1_000;
/** It takes a quarter of a minute on two quiet cores. */
const PATIENCE_MS = 300_000;
/** CPU time is read from /proc. */
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

let program: ChildProcess | undefined;
// One that hangs is stopped, and takes its servers with it.
afterAll(() => void program?.kill('SIGTERM'));

function bench(...words: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, ['bench/run.mjs', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    program = started;
    let output = '';
    for (const stream of [started.stdout, started.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    started.once('error', reject);
    started.once('close', (code) => resolve({ code, output }));
  });
}

/** @returns what it says that it has written */
function filesOf(output: string): readonly string[] {
  const files = /^Written to (.+), after/m.exec(output)?.[1]?.split(' and ');
  if (!files) throw new Error(`The benchmark has written nothing:\n${output}`);
  return files;
}

function read(files: readonly string[], ending: string): string {
  return readFileSync(files.find((file) => file.endsWith(ending)) ?? ending, 'utf8');
}

interface Results {
  readonly isQuick: boolean;
  readonly failures: readonly unknown[];
  readonly absent: readonly unknown[];
  readonly measurements: readonly Readonly<Record<string, unknown>>[];
  readonly summary: readonly {
    readonly workload: string;
    readonly systems: readonly { readonly name: string; readonly shares?: Readonly<Record<string, { readonly median: number }>> }[];
    readonly targets: readonly { readonly what: string; readonly found: number | null }[];
  }[];
}

describeOnLinux('a quick run of three-step runs', () => {
  let ended: Awaited<ReturnType<typeof bench>>;
  let files: readonly string[] = [];
  let results: Results;

  beforeAll(async () => {
    ended = await bench('--quick', '--only', 'three-steps', '--peers', 'bare-loop,stepwell');
    files = filesOf(ended.output);
    results = JSON.parse(read(files, '.json')) as Results;
  }, PATIENCE_MS);
  afterAll(() => files.forEach((file) => rmSync(file, { force: true })));

  it('ends well, and installs nothing for it', () => {
    expect(ended.code).toBe(0);
    expect(ended.output).not.toContain('Installing');
    expect(results).toMatchObject({ isQuick: true, failures: [], absent: [] });
  });

  it('proves the fence of the bare loop first', () => {
    expect(ended.output).toMatch(/fence/i);
  });

  it.each(['bare-loop', 'stepwell'])('has figures of %s', (system) => {
    const lines = results.measurements.filter((line) => line['system'] === system);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ workload: 'three-steps', n: COUNT });
    for (const figure of ['runsPerSecond', 'stepsPerSecond', 'cpuMsPerStep', 'nodeCpuMs', 'serverCpuMs', 'p50Ms', 'p99Ms', 'walBytes'])
      expect([figure, lines[0]?.[figure]]).toEqual([figure, expect.any(Number)]);
    expect(lines[0]?.['runsPerSecond']).toBeGreaterThan(0);
    // Five facts and a row: nobody writes them in less.
    expect(lines[0]?.['walBytes']).toBeGreaterThan(500);
  });

  it('tells the share of the bare loop, and what became of the aims', () => {
    const [part] = results.summary;
    expect(results.summary).toHaveLength(1);
    expect(part?.systems.find(({ name }) => name === 'stepwell')?.shares?.['cpuMsPerStep']?.median).toBeGreaterThan(0);
    expect(part?.targets).toContainEqual(
      expect.objectContaining({ what: 'CPU ms/step: at least 0.6 of bare-loop', found: expect.any(Number) as number }),
    );
  });

  it('prints a table with a line for each', () => {
    const table = ended.output.slice(ended.output.indexOf('\nthree-steps. '));
    expect(table).toMatch(/^ +n +runs\/s +steps\/s .*of the bare loop \(CPU ms\/step\)/m);
    expect(table).toMatch(new RegExp(`^bare loop +${COUNT} +\\d+ `, 'm'));
    expect(table).toMatch(new RegExp(`^Stepwell +${COUNT} +\\d+ `, 'm'));
    expect(table).toMatch(/^aim: CPU ms\/step: at least 0\.6 of bare-loop: [\d.]+, (met|missed)/m);
    expect(table).toContain('A quick run: its figures mean nothing.');
  });
});

interface Profiled {
  readonly profiles: readonly {
    readonly system: string;
    readonly areas: readonly { readonly area: string; readonly us: number }[];
    readonly functions: readonly { readonly function: string; readonly area: string }[];
    readonly statements: readonly {
      readonly statement: string;
      readonly calls: number;
      readonly rows: number;
      readonly walBytes: number;
    }[];
  }[];
}

describeOnLinux('a quick profile', () => {
  let ended: Awaited<ReturnType<typeof bench>>;
  let files: readonly string[] = [];

  beforeAll(async () => {
    ended = await bench('--quick', '--profile', '--peers', 'stepwell');
    files = filesOf(ended.output);
  }, PATIENCE_MS);
  afterAll(() => files.forEach((file) => rmSync(file, { force: true })));

  it('says what the time of the process went into, and of the database', () => {
    expect(ended.code).toBe(0);
    const [profile, ...more] = (JSON.parse(read(files, '.profile.json')) as Profiled).profiles;
    expect(more).toEqual([]);
    expect(profile?.system).toBe('stepwell');
    for (const area of ['engine', 'storage', 'driver', 'node'])
      expect([area, profile?.areas.find((one) => one.area === area)?.us]).toEqual([area, expect.any(Number)]);
    expect(profile?.functions.filter(({ area }) => area === 'engine').map((one) => one.function)).toContainEqual(
      expect.stringMatching(/ libs\/(engine|runtime)\//),
    );
    const flush = profile?.statements.find(({ statement }) => statement === 'flush');
    expect(flush?.calls).toBeGreaterThan(0);
    expect(flush?.walBytes).toBeGreaterThan(0);
    expect(ended.output).toMatch(/^flush +[\d.]+ /m);
    expect(ended.output).toMatch(/^engine +[\d.]+ /m);
  });

  it('draws a flame graph, and leaves a profile that tools open', () => {
    expect(read(files, '.flame.svg')).toMatch(/^<svg .*<rect class="engine".*<\/svg>\n$/s);
    expect(JSON.parse(read(files, '.cpuprofile'))).toMatchObject({
      nodes: expect.any(Array) as object,
      samples: expect.any(Array) as object,
    });
  });
});

it('refuses in one line what there is not', async () => {
  const { code, output } = await bench('--only', 'four-steps');
  expect(code).toBe(1);
  expect(output).toMatch(/^There is no workload "four-steps"; there are three-steps, .*\.\n$/);
});

it('does not publish figures that mean nothing', async () => {
  const { code, output } = await bench('--quick', '--publish', 'quick');
  expect(code).toBe(1);
  expect(output).toBe('The figures of a quick run mean nothing, and are not published.\n');
});
