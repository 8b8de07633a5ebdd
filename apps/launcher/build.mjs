// Builds the server (swc, one pass over apps/server, libs, workflows, migrations) and the pages (vite) into dist/, each only when its
// sources changed. Changed is judged by content, not by time: a fresh clone or a switched branch has times that mean nothing.
// A stamp is written after its build, so an interrupted build is done again.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { requireNode } from './node-version.mjs';
import { stage } from './progress.mjs';
import { lastLines, root, runNode } from './run-program.mjs';
import { runMain, StartError } from './start-error.mjs';

const SERVER_SOURCES = ['apps/server', 'libs', 'workflows', 'migrations'];
const NOT_BUILT = ['spec', 'int-spec', 'e2e-spec', 'type-spec'].map((role) => `.${role}.ts`);

const server = {
  name: 'Building the server',
  stamp: 'dist/.server-stamp',
  sources: [...SERVER_SOURCES, '.swcrc', 'package-lock.json', 'apps/launcher/build.mjs'],
  outputs: ['dist/apps/server/main.js'],
  build: buildServer,
};

const pages = {
  name: 'Building the pages',
  stamp: 'dist/.pages-stamp',
  sources: ['apps/web', 'workflows', 'schema.graphql', 'package-lock.json', 'apps/launcher/build.mjs'],
  outputs: [],
  build: buildPages,
};

/** @param {{ isForced?: boolean, only?: string }} [options] */
export async function ensureBuilt({ isForced = false, only } = {}) {
  for (const target of [server, pages]) {
    if (only && target !== { server, pages }[only]) continue;
    const fingerprint = fingerprintOf(target.sources);
    if (!isForced && isBuilt(target, fingerprint)) continue;
    await stage(target.name, async () => {
      rmSync(join(root, target.stamp), { force: true });
      await target.build();
      writeFileSync(join(root, target.stamp), fingerprint);
    });
  }
}

function isBuilt({ stamp, outputs }, fingerprint) {
  const file = join(root, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === fingerprint && outputs.every((output) => existsSync(join(root, output)));
}

/** A hash over names and contents of all files below the sources. */
function fingerprintOf(sources) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.node}\n`);
  for (const file of sources.flatMap((source) => filesBelow(source))) {
    hash
      .update(`${file}\n`)
      .update(readFileSync(join(root, file)))
      .update('\n');
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  let entries;
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true });
  } catch (error) {
    return error.code === 'ENOTDIR' ? [path] : [];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(`${path}/${entry.name}`) : [`${path}/${entry.name}`]));
}

async function buildServer() {
  for (const source of SERVER_SOURCES) rmSync(join(root, 'dist', source), { recursive: true, force: true });
  await compile('server', [
    ...['node_modules/@swc/cli/bin/swc.js', ...SERVER_SOURCES.filter((source) => existsSync(join(root, source)))],
    ...['-d', 'dist', '--quiet', '--ignore', [...NOT_BUILT.map((ending) => `**/*${ending}`), '**/*.tsx'].join(',')],
  ]);
  copyData();
}

/** What modules read beside themselves at run time (a CSV, a JSON or YAML definition) goes along. */
function copyData() {
  for (const file of ['libs', 'workflows'].flatMap(filesBelow)) {
    if (['.ts', '.tsx', '.md', '.map'].includes(extname(file))) continue;
    const to = join(root, 'dist', file);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(root, file), to);
  }
}

async function buildPages() {
  await compile('pages', ['node_modules/vite/bin/vite.js', 'build', '--config', 'apps/web/vite.config.ts', '--logLevel', 'warn']);
}

async function compile(what, words) {
  const { code, output } = await runNode(words);
  if (code === 0) return;
  console.error(lastLines(output, 40));
  throw new StartError(`The build of the ${what} failed (its last lines are above).`, 'Mend the source and start again.');
}

// npm run build [server|pages]: always builds.
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  requireNode();
  await runMain(() => ensureBuilt({ isForced: true, only: process.argv[2] }));
}
