// Jest over everything, and the counts of what it did. A suite that does not even load counts as a failure, and a run without a test
// is one too: a filter that matches nothing must not look like success.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './run-program.mjs';

/**
 * @param {string[]} words passed through to Jest
 * @returns {Promise<{ code: number, line: string }>} line: "N passed, N failed", with ", N skipped" when there are some
 */
export async function runTests(words) {
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-jest-'));
  const result = join(folder, 'result.json');
  try {
    const jest = ['--no-warnings', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
    const exit = await inherit([...jest, ...words, '--json', `--outputFile=${result}`]);
    const counts = readCounts(result);
    const line = `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`;
    return { code: exit === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1, line };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Jest reports to stderr; its stdout would be the JSON once more. */
function inherit(words) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, { cwd: root, stdio: ['inherit', 'ignore', 'inherit'] });
    // Jest gets the terminal's Ctrl-C itself and ends what it started; we only have to outlive it.
    const wait = () => undefined;
    process.on('SIGINT', wait);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function readCounts(file) {
  try {
    const json = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests + json.numRuntimeErrorTestSuites,
      skipped: json.numPendingTests + json.numTodoTests,
    };
  } catch {
    // Jest wrote nothing: it did not get as far as running a test.
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
