/**
 * The commands and the server, started as people start them: with words that they do not take, and with settings that are none. Each has to
 * end soon and by itself, without a stack, and with a sentence that names what was wrong. Nothing here is right enough to do anything: a
 * database that is named is not there, and a campaign is never begun.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { SETTINGS } from '../../../apps/launcher/settings.mjs';
import { type Edge, leaks, type Outcome } from '../edge.js';
import { hostileText } from '../values.js';

interface Call {
  readonly program: keyof typeof PROGRAMS;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

interface Program {
  /** In the project's folder. */
  readonly start: readonly string[];
  /** Options with a value. */
  readonly options?: readonly string[];
  readonly hasHelp?: boolean;
  /** What it looks at: nothing, for a program without settings. */
  readonly settings?: readonly string[];
}

const SOURCE = ['--no-warnings', '--import', '@swc-node/register/esm-register'];
const NAMES = SETTINGS.map(({ name }) => name);
const PROGRAMS = {
  server: { start: ['dist/apps/server/main.js'], settings: NAMES },
  'reset-password': { start: ['dist/apps/server/reset-password.js'], settings: NAMES },
  tenants: {
    start: ['dist/apps/server/tenant-shares.js'],
    options: ['--database-url', '--weight', '--at-work', '--reset'],
    settings: NAMES,
  },
  'provenance:verify': {
    start: ['dist/apps/server/verify-provenance.js'],
    options: ['--database-url', '--tenant', '--anchor', '--file', '--from', '--until'],
    settings: NAMES,
  },
  'print-schema': { start: ['dist/apps/server/print-schema.js'] },
  graphs: { start: [...SOURCE, 'apps/server/lock-graphs.ts'] },
  start: { start: ['apps/launcher/start.mjs'], hasHelp: true },
  audit: {
    start: [...SOURCE, 'apps/auditor/main.ts'],
    options: ['--database-url', '--since', '--grace', '--most', '--journal'],
    hasHelp: true,
    settings: ['DATABASE_URL'],
  },
  crash: { start: [...SOURCE, 'test/crash/main.ts'], options: ['--kills', '--seed'], hasHelp: true },
  faults: { start: [...SOURCE, 'test/faults/main.ts'], options: ['--minutes', '--seed', '--rate', '--only', '--timers', '--mutation'], hasHelp: true }, // prettier-ignore
  soak: { start: [...SOURCE, 'test/soak/main.ts'], options: ['--minutes', '--seed', '--rate'], hasHelp: true },
  fuzz: { start: [...SOURCE, 'test/fuzz/main.ts'], options: ['--inputs', '--seed', '--only'], hasHelp: true },
} satisfies Record<string, Program>;

/** Nobody listens there. */
const NOWHERE = 'postgresql://nobody@127.0.0.1:1/nothing';
/** Longer than any start; what has not ended then, hangs. */
const PATIENCE_MS = 120_000;

/** The system takes no NUL, and no half of a character, in a word or a variable. */
const text = hostileText
  .filter((value) => !value.includes('\0') && value === Buffer.from(value).toString())
  .map((value) => value.slice(0, 2_000));
const value = fc.oneof(
  text,
  fc.constantFrom(
    '-1',
    '0',
    '1e3',
    '0x10',
    'NaN',
    '99999999999999999999',
    '1.5.2',
    'http://[',
    'postgresql://',
    'postgresql://u@h:99999/d',
  ),
  fc.constantFrom('postgresql://u:p%ZZ@127.0.0.1:1/d', 'redis://h/x', 'smtp://', 's3', 'redis', 'yes', ',', '65536', '-5432', '/dev/null', '2026-13-45'), // prettier-ignore
);
/** No command knows any of them. Not `--` alone, behind which nothing is as good as no word: a campaign would begin. */
const unknown = fc.oneof(
  fc.constantFrom('--nonsense', '--nonsense=1', '-x', '---', '-', 'now', '--updte', '--chek', '--seed=', '--help=1', '--no-help'),
  text.filter((word) => word !== '' && !word.startsWith('-')),
);

function callOf(program: Call['program']): fc.Arbitrary<Call> {
  const { options = [], hasHelp = false, settings = [] }: Program = PROGRAMS[program];
  const pairs = fc.array(fc.tuple(fc.constantFrom(...(options.length > 0 ? options : ['--nothing'])), value), { maxLength: 2 });
  const values = pairs.map((all) => all.flatMap(([name, one]) => [`${name}=${one}`]));
  const environment = settings.length === 0 ? fc.constant({}) : fc.dictionary(fc.constantFrom(...settings), value, { minKeys: 1, maxKeys: 3, noNullPrototype: true }); // prettier-ignore
  const wrong = fc.tuple(values, unknown).map(([known, word]) => [...(options.length > 0 ? known : []), word]);
  const words: fc.Arbitrary<readonly string[]> =
    program === 'server'
      ? fc.constant([])
      : program === 'reset-password'
        ? text.map((word) => [word])
        : // A campaign would begin by values alone, some of which are right.
          settings.length > 0
          ? fc.oneof(values, wrong)
          : wrong;
  const call = fc.record({ program: fc.constant(program), words, environment });
  const help = fc.constant({ program, words: ['--help'], environment: {} });
  return hasHelp ? fc.oneof({ weight: 8, arbitrary: call }, { weight: 1, arbitrary: help }) : call;
}

const calls = fc.oneof(...(Object.keys(PROGRAMS) as Call['program'][]).map(callOf));

export const commandsEdge: Edge<Call> = {
  ...{ name: 'commands', share: 1.5, most: 1_000, together: 2, inputs: calls },
  attempt: async ({ program, words, environment }) => {
    const folder = mkdtempSync(join(tmpdir(), 'stepwell-words-'));
    try {
      // Its own variables only: what a developer has set is not what is tried.
      const { PATH, HOME } = process.env;
      const settings = { DATABASE_URL: NOWHERE, PORT: '0', ...environment };
      // Blank is as good as unset, and then the server would set up a database.
      if (settings.DATABASE_URL.trim() === '') settings.DATABASE_URL = NOWHERE;
      const { start } = PROGRAMS[program];
      const child = spawn(process.execPath, start.map((word) => (/\.(js|mjs|ts)$/.test(word) ? resolve(word) : word)).concat(words), {
        // What is not compiled needs what is installed here; it writes nothing before it is called as it should be.
        cwd: start.length > 1 ? process.cwd() : folder,
        env: { PATH, HOME, ...settings },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      const [code, signal] = await new Promise<readonly [number | null, string | null]>((done) =>
        child.once('close', (...how) => done(how)),
      );
      clearTimeout(impatience);
      return judged({ program, words, environment }, { code, signal, said });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function judged(
  { program, words, environment }: Call,
  { code, signal, said }: { readonly code: number | null; readonly signal: string | null; readonly said: string },
): Outcome {
  if (code === 0) {
    const isRight = words.includes('--help');
    return {
      accepted: true,
      faults: isRight ? [] : [`It ended as if all were well: ${said.slice(0, 300)}`],
      answer: `${program} ended with 0`,
    };
  }
  const names = [...words.map((word) => word.split('=')[0] ?? ''), ...Object.keys(environment), 'DATABASE_URL', 'STEPWELL_S3'];
  // A word is shown in quotes, cut when it is long.
  const isNamed = names.some((name) => name !== '' && said.replace(/\s+/g, ' ').includes(name.replace(/\s+/g, ' ').trim().slice(0, 60)));
  return {
    accepted: false,
    faults: [
      ...(signal === null ? [] : [`It did not end within ${PATIENCE_MS} ms.`]),
      ...leaks(said),
      ...(isNamed ? [] : [`It does not say what was wrong: ${said.slice(0, 500)}`]),
    ],
    answer: `${program} ended with ${code ?? signal}`,
  };
}
