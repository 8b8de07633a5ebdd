/** What the server reads from its environment, what `npm start -- --help` lists and what README.md says of it are one list. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingRows } from '../../apps/launcher/settings.mjs';
import { readConfig } from '../../apps/server/config.js';

const ROOT = join(import.meta.dirname, '../..');

/** The variables that the server looks at. With Redis and S3, of which the particulars are read only where they are asked for. */
function namesRead(): string[] {
  const names = new Set<string>();
  const environment = { STEPWELL_QUEUE: 'redis', REDIS_URL: 'redis://here', STEPWELL_DOCUMENT_STORE: 's3', STEPWELL_S3_BUCKET: 'files' };
  const watched = new Proxy<Readonly<Record<string, string | undefined>>>(environment, {
    get: (target, name: string) => (names.add(name), target[name]),
  });
  readConfig(watched);
  return [...names].sort();
}

it('npm start -- --help lists every setting that the server reads, and no other', () => {
  const help = execFileSync(process.execPath, [join(ROOT, 'apps/launcher/start.mjs'), '--help'], { encoding: 'utf8' });
  const listed = [...help.matchAll(/^ {2}([A-Z][A-Z0-9_]+) /gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(namesRead());
  expect(help.split('\n').filter((line) => line.length > 160)).toEqual([]);
});

it('README.md has the table of the settings as the list has it', () => {
  const [, section = ''] = readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n## Settings\n');
  const [table = ''] = section.trimStart().split('\n\n');
  expect(table.split('\n').slice(2)).toEqual(settingRows());
});
