/**
 * Where the reports lie: `STRIKE_REPORTS_FILE` when it is set, else the export that comes with this module. The build may or may not
 * have copied the data beside the compiled code, so it is looked for upwards from here, ending at the sources.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BESIDE_THE_MODULE = join('data', 'birdstrikes.csv');
const IN_THE_PROJECT = join('workflows', 'strike-intake', 'data', 'birdstrikes.csv');

/** @throws Error that says what to do when there is no such file */
export function reportPath(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment['STRIKE_REPORTS_FILE'];
  if (chosen) return chosen;
  const here = dirname(fileURLToPath(import.meta.url));
  for (let folder = here; ; folder = dirname(folder)) {
    for (const file of [join(folder, BESIDE_THE_MODULE), join(folder, IN_THE_PROJECT)]) if (existsSync(file)) return file;
    if (dirname(folder) === folder) break;
  }
  throw new Error(`The strike reports (${IN_THE_PROJECT}) are not found upwards from ${here}. Set STRIKE_REPORTS_FILE to a file.`);
}
