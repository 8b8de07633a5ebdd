/**
 * The tests' database server, a process beside Jest: it prints one line of JSON, `{ url }`, and lives as long as its stdin is open.
 * So it ends with Jest however Jest ends, kill -9 included. A kill -9 of this process itself leaves a postmaster; the next one
 * that starts on this machine stops it and removes its folder.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmbeddedPostgres, stopAbandonedPostgres } from '@stepwell/postgres';

const PREFIX = 'stepwell-test-postgres-';

async function sweepAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const directory = join(tmpdir(), name);
    if (!name.startsWith(PREFIX) || !isOldEnough(directory)) continue;
    if (await stopAbandonedPostgres(directory).catch(() => false)) rmSync(directory, { recursive: true, force: true });
  }
}

/** A minute: between mkdtemp and the owner's file a living start has no owner yet. */
function isOldEnough(directory: string): boolean {
  const modified = statSync(directory, { throwIfNoEntry: false })?.mtimeMs;
  return modified !== undefined && Date.now() - modified > 60_000;
}

const stdinEnded = new Promise<void>((settle) => process.stdin.resume().once('end', settle).once('close', settle));
// Ctrl-C reaches the whole process group; Jest goes first and closes our stdin.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const directory = mkdtempSync(join(tmpdir(), PREFIX));
// mkdtemp makes 0700; the server's own user has to get in when the tests run as root.
chmodSync(directory, 0o755);
const server = await startEmbeddedPostgres({ directory, isThrowaway: true });
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
await sweepAbandoned();
await stdinEnded;
await server.stop();
rmSync(dirname(server.dataDirectory), { recursive: true, force: true });
rmSync(directory, { recursive: true, force: true });
