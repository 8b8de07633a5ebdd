/** The database of the crash test in a process of its own: prints its address, lives as long as its stdin. */
import { startEmbeddedPostgres } from '@stepwell/postgres';

const server = await startEmbeddedPostgres({ directory: process.argv[2] ?? '' });
process.stdout.write(`${JSON.stringify({ url: server.url, postmaster: server.pid })}\n`);
// Ctrl-C reaches the whole process group; the test goes first and closes our stdin.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.stdin.resume().once('end', () => void server.stop().then(() => process.exit(0)));
