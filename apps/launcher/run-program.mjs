import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project's folder; every path of the launcher is relative to it. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end and keeps what it printed. Ctrl-C or SIGTERM meanwhile ends the program, then this process.
 * @param {string} program
 * @param {string[]} words
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} code 127 when there is no such program
 */
export function runProgram(program, words, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
    let interrupted;
    const interrupt = (signal) => {
      interrupted = signal;
      child.kill(signal);
    };
    const settle = (result) => {
      for (const signal of INTERRUPTS) process.off(signal, interrupt);
      if (interrupted) process.exit(130);
      resolve(result);
    };
    for (const signal of INTERRUPTS) process.on(signal, interrupt);
    child.once('error', (error) => settle({ code: 127, output: String(error) }));
    child.once('close', (code, signal) => settle({ code: code ?? 1, output: signal ? `${output}\nended by ${signal}` : output }));
  });
}

/** A script of a package, run by this Node: .bin is not used, because the ts7 alias takes over .bin/tsc. */
export function runNode(words, options) {
  return runProgram(process.execPath, words, options);
}

/** @param {string} output */
export function lastLines(output, lines) {
  return output.trim().split('\n').slice(-lines).join('\n');
}
