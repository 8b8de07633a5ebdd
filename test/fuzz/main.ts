/** `npm run fuzz -- --inputs 50000 --seed 7`: any number of inputs, any seed; prints a table by edge, ends with 1 when a promise broke. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { runCommand, wholeNumber } from '../../apps/auditor/command.js';
import { runFuzz, table, told, vacuous } from './run-fuzz.js';

const HELP = `npm run fuzz -- [options]

Sends what nobody should send to every way into the system: a server and a database of its own, the readers of files and settings, the
commands. Nothing may end in a fault of the server, hang, show its inside, or lose what was acknowledged.

  --inputs <n>   how many in all; default 5000
  --seed <n>     the same seed makes the same inputs; default 1
  --edge <name>  only the edges with this in their name
  --only <n>     only this input of them: shows one again
  --log          what the server printed, too
  --help
`;

process.exitCode = await runCommand({
  name: 'fuzz',
  help: HELP,
  options: {
    ...{ inputs: { type: 'string', default: '5000' }, seed: { type: 'string', default: '1' }, edge: { type: 'string' } },
    ...{ only: { type: 'string' }, log: { type: 'boolean', default: false } },
  },
  run: (values) =>
    main({
      ...{ inputs: wholeNumber('--inputs', values.inputs), seed: wholeNumber('--seed', values.seed), edge: values.edge },
      only: values.only === undefined ? undefined : wholeNumber('--only', values.only),
      hasLog: values.log,
    }),
});

async function main({
  hasLog,
  ...options
}: {
  inputs: number;
  seed: number;
  edge: string | undefined;
  only: number | undefined;
  hasLog: boolean;
}): Promise<number> {
  // The edge of the commands starts what is built.
  const { status } = spawnSync(process.execPath, ['apps/launcher/build.mjs', 'server'], { stdio: 'inherit' });
  if (status !== 0) return 1;
  const postgres = spawn(process.execPath, ['--no-warnings', '--import', '@swc-node/register/esm-register', 'test/postgres/serve.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(postgres.stdout), 'line')) as [string];
  process.env['STEPWELL_TEST_ADMIN_URL'] = (JSON.parse(line) as { url: string }).url;
  try {
    console.log(`Seed ${options.seed}.`);
    const outcome = await runFuzz({
      ...options,
      log: (text) => console.log(`${(performance.now() / 1000).toFixed(1).padStart(7)} s  ${text}`),
    });
    const faults = [...outcome.faults, ...(options.only === undefined ? vacuous(outcome.tallies) : [])];
    if (hasLog) console.log(outcome.output);
    console.log(
      `\n${table(outcome.tallies)}\n\nAcknowledged: ${told(outcome.acknowledged)}. The slowest answer took ${Math.round(outcome.slowest.ms)} ms: ${outcome.slowest.what}`,
    );
    for (const fault of faults) console.log(`\n${fault}`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    postgres.stdin.end();
    await once(postgres, 'exit');
  }
}
