// Runs one script to its end and hands back what it printed.

import { spawn } from 'node:child_process';

/**
 * @param {string} script
 * @param {string[]} args
 * @param {{ node: string, flags?: string[], signal: AbortSignal, patienceMinutes: number }} options `node`: the program that runs it, with `flags`;
 *   `signal` kills it at once; what takes longer than `patienceMinutes` has hung, and is killed as well
 * @returns {Promise<string>} its standard output; what it says on standard error is shown only when it fails
 */
export function runScript(script, args, { node, flags = [], signal, patienceMinutes }) {
  return new Promise((resolve, reject) => {
    const timeout = AbortSignal.timeout(patienceMinutes * 60_000);
    const child = spawn(node, ['--no-warnings', '--expose-gc', ...flags, script, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
      signal: AbortSignal.any([signal, timeout]),
      killSignal: 'SIGKILL',
    });
    let output = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text));
    child.on('error', (cause) => {
      reject(timeout.aborted ? new Error(`${script} was ended: it had not finished after ${patienceMinutes} minutes`, { cause }) : cause);
    });
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${script} ended with ${killedBy ?? `code ${code}`}:\n${complaints.trim() || output.trim()}`));
    });
  });
}
