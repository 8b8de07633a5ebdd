/** What `npm start`, `npm test` and their errors do, with the real launcher in a miniature project. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { MiniatureProject } from './miniature-project.js';

const START = 'apps/launcher/start.mjs';
const TEST = 'apps/launcher/test.mjs';
const CHECK = 'apps/launcher/check.mjs';

let project: MiniatureProject;
beforeAll(() => void (project = new MiniatureProject('installed')));
afterAll(() => project.remove());

function isAlive(pid: number): boolean {
  try {
    // A zombie has ended; only nobody has asked yet.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

async function settled(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe('npm start', () => {
  const startOn = (version: string) => {
    project.write('pretend.mjs', `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
    return project.run(['--import', './pretend.mjs', START, '--help']);
  };

  it.each(['18.20.4', '20.18.1', '21.7.3', '22.12.0', '23.11.0'])('on Node %s says in one line which ones it needs', async (version) => {
    const start = startOn(version);
    expect(await start.ended).toBe(1);
    expect(start.output()).toBe(
      `Stepwell did not start: this is Node ${version} and Stepwell needs 20.19 or newer, 22.13 or newer, or 24 and later. ` +
        'Install one from https://nodejs.org and start again.',
    );
  });

  it.each(['20.19.0', '22.13.0', '24.0.0', '25.2.0'])('runs on Node %s', async (version) => {
    expect(await startOn(version).ended).toBe(0);
  });

  it('refuses in one line a word that it does not know, and names the variables', async () => {
    const start = project.run([START, '--port', '4000']);
    expect(await start.ended).toBe(1);
    expect(start.output()).toBe(
      'Stepwell: npm start does not know "--port". Settings are environment variables, such as PORT=4000 npm start; npm start -- --help lists them.',
    );
    expect(existsSync(join(project.folder, 'dist'))).toBe(false);
  });

  it('says what --workers wants, and refuses what stands behind it', async () => {
    for (const [words, why] of [
      [['--workers'], '--workers is followed by nothing.'],
      [['--workers', 'many'], '--workers is followed by "many".'],
      [['--workers='], '--workers is followed by nothing.'],
    ] as const) {
      const start = project.run([START, ...words]);
      expect(await start.ended).toBe(1);
      expect(start.output()).toBe(`Stepwell: ${why} Give a number of processes: npm start -- --workers 4.`);
    }
    const more = project.run([START, '--workers', '2', '--verbose']);
    expect(await more.ended).toBe(1);
    expect(more.output()).toMatch(/npm start does not know "--verbose"/);
  });

  it('explains itself with --help and does nothing else', async () => {
    const start = project.run([START, '--help']);
    expect(await start.ended).toBe(0);
    expect(start.output()).toContain('DATABASE_URL');
    expect(existsSync(join(project.folder, 'dist'))).toBe(false);
  });

  it('builds with a line per stage, takes data files along, passes a signal on, and ends with the code of the server', async () => {
    const start = project.run([START]);
    await start.said('serving: ');
    expect(start.output()).toMatch(
      /^Building the server \.\.\.\nBuilding the server: done in [\d.]+ s\nBuilding the pages \.\.\.\nBuilding the pages: done/,
    );
    expect(existsSync(join(project.folder, 'dist/workflows/one/data/rows.csv'))).toBe(true);
    start.process.kill('SIGTERM');
    // The same press, come by another way.
    start.process.kill('SIGINT');
    expect(await start.ended).toBe(3);
    expect(start.output().match(/draining: .*/g)).toHaveLength(1);
  });

  it('builds again what changed in content, and only that', async () => {
    project.write('workflows/one/one.workflow.ts', 'export const one: number = 1;');
    const same = project.run([START]);
    await same.said('serving: ');
    expect(same.output()).not.toContain('Building');
    same.process.kill('SIGTERM');
    await same.ended;
    project.write('apps/server/a-new-one.ts', 'export const two: number = 2;');
    const changed = project.run([START]);
    await changed.said('serving: ');
    expect(changed.output()).toContain('Building the server: done');
    expect(changed.output()).not.toContain('Building the pages');
    changed.process.kill('SIGTERM');
    await changed.ended;
  });

  it.each([['--workers=3'], ['--workers', '3']])(
    'hands the number of worker processes on, and the wish to renew them: %s',
    async (...words) => {
      const server = readFileSync(join(project.folder, 'apps/server/main.ts'), 'utf8');
      const renewing = `process.on('SIGUSR2', () => console.log('renewing: ' + process.env['STEPWELL_WORKERS']));`;
      project.write('apps/server/main.ts', `${renewing}\n${server}`);
      const start = project.run([START, ...words]);
      await start.said('serving: ');
      start.process.kill('SIGUSR2');
      expect(await start.said('renewing: ')).toBe('3');
      start.process.kill('SIGTERM');
      expect(await start.ended).toBe(3);
      project.write('apps/server/main.ts', server);
    },
  );

  it('shows what the compiler said and ends in one line when a source does not compile', async () => {
    project.write('apps/server/broken.ts', 'export const = ;');
    const start = project.run([START]);
    expect(await start.ended).toBe(1);
    project.write('apps/server/broken.ts', '');
    expect(start.errors()).toContain('broken.ts');
    expect(start.errors().split('\n').at(-1)).toBe(
      'Stepwell: The build of the server failed (its last lines are above). Mend the source and start again.',
    );
  });

  it('starts a server again that had served and ended by itself, and none that did not get so far', async () => {
    const server = readFileSync(join(project.folder, 'apps/server/main.ts'), 'utf8');
    // It serves twice: the first time it ends by itself then, the second time it goes on.
    project.write(
      'apps/server/main.ts',
      `import { existsSync, writeFileSync } from 'node:fs';
       const isSecond = existsSync('served');
       writeFileSync('served', '');
       process.send?.({ isServing: true }, () => isSecond || process.exit(0));
       ${server.replace('console.log(`serving', 'if (isSecond) console.log(`serving')}`,
    );
    const again = project.run([START]);
    await again.said('serving: ');
    // Said before, on another pipe.
    await again.said('The server has ended by itself');
    expect(again.errors()).toBe('The server has ended by itself (exit code 0). It is started again in 1 s.');
    again.process.kill('SIGTERM');
    expect(await again.ended).toBe(3);
    project.write('apps/server/main.ts', 'process.exitCode = 7;');
    const never = project.run([START]);
    expect(await never.ended).toBe(7);
    expect(never.errors()).toBe('');
    project.write(
      'apps/server/main.ts',
      'process.send?.({ isServing: true }); process.send?.({ isStopping: true }, () => process.exit(0));',
    );
    const asked = project.run([START]);
    expect(await asked.ended).toBe(0);
    expect(asked.errors()).toBe('');
    project.write('apps/server/main.ts', server);
  });

  it('killed by -9 leaves no server behind', async () => {
    const start = project.run([START]);
    const server = Number(await start.said('serving: '));
    start.process.kill('SIGKILL');
    // `close` waits for the pipes, which the server shares: it has ended too.
    await start.ended;
    await settled(() => !isAlive(server));
    expect(start.output()).toContain('draining: disconnect');
  });

  it('after the npm above it was killed waits for the abandoned server instead of finding its port busy', async () => {
    // A stand-in for npm: it starts the launcher, says both ids, and is killed.
    project.write(
      'npm.mjs',
      `import { spawn } from 'node:child_process';
       const env = { ...process.env, npm_lifecycle_event: 'start' };
       spawn(process.execPath, ['${START}'], { stdio: 'inherit', env });`,
    );
    const npm = project.run(['npm.mjs']);
    const server = Number(await npm.said('serving: '));
    // Held, so that it cannot have ended before the next start looks.
    process.kill(server, 'SIGSTOP');
    npm.process.kill('SIGKILL');
    const next = project.run([START]);
    await next.said(`Waiting for the server of an earlier start to end (process ${server})`);
    process.kill(server, 'SIGCONT');
    await next.said('serving: ');
    expect(isAlive(server)).toBe(false);
    next.process.kill('SIGTERM');
    await next.ended;
    await npm.ended;
  });
});

describe('installing', () => {
  const bare = new MiniatureProject('bare');
  afterAll(() => bare.remove());
  // A stand-in for npm that "installs" by linking to a finished folder, or fails as npm does without a network.
  const npm = join(bare.folder, 'npm-cli.js');
  const env = { npm_execpath: npm };

  it('is done when node_modules is not what the lock file says, and its failure is one line after its own last lines', async () => {
    bare.write('npm-cli.js', `console.error('npm error network request to https://registry failed'); process.exit(1);`);
    const failed = bare.run([START], env);
    expect(await failed.ended).toBe(1);
    expect(failed.errors()).toContain('npm error network request');
    expect(failed.errors().split('\n').at(-1)).toMatch(/^Stepwell: npm ci failed .+\.$/);
  });

  it('stops when asked to while it works, and takes the installer along', async () => {
    bare.write(
      'npm-cli.js',
      `import { writeFileSync } from 'node:fs'; writeFileSync('installer', String(process.pid)); setInterval(() => {}, 1000);`,
    );
    const start = bare.run([START], env);
    await settled(() => existsSync(join(bare.folder, 'installer')) && readFileSync(join(bare.folder, 'installer'), 'utf8') !== '');
    start.process.kill('SIGTERM');
    expect(await start.ended).toBe(130);
    expect(isAlive(Number(readFileSync(join(bare.folder, 'installer'), 'utf8')))).toBe(false);
  });

  it('happens once', async () => {
    mkdirSync(join(bare.folder, 'node_modules'));
    for (const name of ['@swc', 'vite']) symlinkSync(join(project.folder, 'node_modules', name), join(bare.folder, 'node_modules', name));
    bare.write(
      'npm-cli.js',
      `import { cpSync } from 'node:fs'; console.log(process.argv.slice(2).join(' ')); cpSync('package-lock.json', 'node_modules/.package-lock.json');`,
    );
    const first = bare.run([START], env);
    await first.said('serving: ');
    expect(first.output()).toMatch(/^Installing packages \(about a minute the first time\) \.\.\.\nInstalling packages: done in/);
    first.process.kill('SIGTERM');
    await first.ended;
    const second = bare.run([START], env);
    await second.said('serving: ');
    expect(second.output()).not.toContain('Installing');
    second.process.kill('SIGTERM');
    await second.ended;
  });
});

describe('npm run check', () => {
  it('explains itself with --help and does nothing else', async () => {
    const check = project.run([CHECK, '--help']);
    expect(await check.ended).toBe(0);
    expect(check.output()).toContain('--without-tests');
    expect(check.output()).not.toMatch(/: (ok|FAILED)/);
  });
});

describe('npm test', () => {
  it('ends with the plain line of counts, and fails when a test fails', async () => {
    const test = project.run([TEST]);
    expect(await test.ended).toBe(1);
    expect(test.printed().split('\n').at(-1)).toBe('1 passed, 1 failed, 1 skipped');
  });

  it('passes words on to Jest, and leaves skipped ones unmentioned when there are none', async () => {
    project.write('tests/good.js', `test('holds', () => {});`);
    const test = project.run([TEST, 'tests/good']);
    expect(await test.ended).toBe(0);
    expect(test.printed().split('\n').at(-1)).toBe('1 passed, 0 failed');
  });

  it('fails when a suite does not load, and when no test ran', async () => {
    project.write('tests/unloadable.js', `throw new Error('not today');`);
    const unloadable = project.run([TEST, 'tests/unloadable']);
    expect(await unloadable.ended).toBe(1);
    expect(unloadable.printed().split('\n').at(-1)).toBe('0 passed, 1 failed');
    const none = project.run([TEST, '--passWithNoTests', 'tests/there-is-no-such']);
    expect(await none.ended).toBe(1);
    expect(none.printed().split('\n').at(-1)).toBe('0 passed, 0 failed');
  });

  it('names what it skips without a browser or Redis, and with CI=true fails instead', async () => {
    // A PATH without any program: nothing to find, and no apt-get to install it with.
    const skipping = project.run([TEST, 'tests/good'], { PATH: project.folder });
    expect(await skipping.ended).toBe(0);
    expect(skipping.output()).toMatch(
      /^Skipping the browser tests: there is no chromium on the PATH\. To get them: apt-get install chromium/,
    );
    const strict = project.run([TEST, 'tests/good'], { PATH: project.folder, CI: 'true' });
    expect(await strict.ended).toBe(1);
    expect(strict.output()).toBe(
      'Stepwell: chromium is missing, and with CI=true no test is skipped. Install it (apt-get install chromium).',
    );
  });
});
