/** The processes of a campaign, from the compiled program: see processes/vite.config.ts for why they are files of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MutationName } from './failpoints/mutations.js';

export interface Processes {
  readonly worker: string;
  readonly server: string;
  readonly postgres: string;
}

/** @param folder of the compiled program */
export async function makeProcesses(root: string, folder: string, mutation: MutationName | null): Promise<Processes> {
  const config = join(root, 'test', 'faults', 'processes', 'vite.config.ts');
  const words = [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', folder, '--config', config, '--logLevel', 'warn'];
  const bundler = spawn(process.execPath, words, {
    cwd: folder,
    env: { ...process.env, ...(mutation && { STEPWELL_MUTATION: mutation }), NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(bundler, 'exit')) as [number | null];
  if (code !== 0) throw new Error('The processes of the campaign cannot be bundled; what the bundler said is above.');
  return {
    worker: join(folder, 'processes', 'worker-process.js'),
    server: join(folder, 'processes', 'server-process.js'),
    postgres: join(folder, 'dist', 'test', 'faults', 'processes', 'postgres-process.js'),
  };
}
