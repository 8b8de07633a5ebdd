// Runs one script to its end and hands back what it printed.

import { spawn } from 'node:child_process';

/** No measurement takes a tenth of this; what does has hung. */
const PATIENCE_MS = 10 * 60_000;

/**
 * @param {string} script
 * @param {string[]} args
 * @param {AbortSignal} signal kills the script at once
 * @returns {Promise<string>} its standard output; what it says on standard error is shown only when it fails
 */
export function runScript(script, args, signal) {
  return new Promise((resolve, reject) => {
    const timeout = AbortSignal.timeout(PATIENCE_MS);
    const child = spawn(process.execPath, ['--no-warnings', script, ...args], {
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
      reject(
        timeout.aborted ? new Error(`${script} was ended: it had not finished after ${PATIENCE_MS / 60_000} minutes`, { cause }) : cause,
      );
    });
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${script} ended with ${killedBy ?? `code ${code}`}:\n${complaints.trim() || output.trim()}`));
    });
  });
}
