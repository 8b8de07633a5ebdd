// When, where and with what something was measured.

import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import { PROJECT_FOLDER } from '../harness/packages.mjs';

/** Ends with `-dirty` when files differ from it. */
const DESCRIBE = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];

export async function aboutRun({ postgres, versions }, { node, reps, isQuick }) {
  const commit = await promisify(execFile)('git', DESCRIBE, { cwd: PROJECT_FOLDER }).then(
    ({ stdout }) => stdout.trim(),
    () => null, // not a git checkout, or no git: the figures are as good
  );
  const machine = {
    cpu: (os.cpus()[0]?.model ?? 'unknown').trim(),
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    os: `${os.type()} ${os.release()}`,
  };
  return { at: new Date().toISOString(), commit, machine, node: node.version, postgres, versions, reps, isQuick };
}

export function captionOf({ at, machine, node, postgres, reps, isQuick }) {
  const where = `${at.slice(0, 10)}, ${machine.cores} cores (${machine.cpu}), PostgreSQL ${postgres}, Node ${node.slice(1)}, fsync on`;
  return `${where}${reps > 1 ? `; medians of ${reps}` : ''}${isQuick ? '; a quick run, whose figures mean nothing' : ''}`;
}
