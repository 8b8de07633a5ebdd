import { spawn } from 'node:child_process';
import { runMain } from './start-error.mjs';

/**
 * A command of the repository that is a program of the server: installs and builds what is missing, then runs it with the words it was given.
 * @param {{ entry: string, help: string, check?: (words: string[]) => void }} command `entry` in dist/apps/server; `check` throws for wrong
 * words, before anything is installed
 */
export async function runServerCommand({ entry, help, check = () => undefined }) {
  await runMain(async () => {
    const words = process.argv.slice(2);
    if (words.includes('--help') || words.includes('-h')) {
      console.log(help);
      return 0;
    }
    check(words);
    const { root } = await import('./run-program.mjs');
    const { ensureInstalled } = await import('./install.mjs');
    const { ensureBuilt } = await import('./build.mjs');
    await ensureInstalled();
    await ensureBuilt({ only: 'server' });
    const program = ['--enable-source-maps', '--no-warnings=ExperimentalWarning', `dist/apps/server/${entry}.js`, ...words];
    const child = spawn(process.execPath, program, { cwd: root, stdio: 'inherit' });
    return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 1)));
  });
}
