/**
 * The database of the suite, as a supervisor keeps it: whenever it ends it is started again, at the same port. Prints a line of JSON at
 * each start; lives as long as its stdin.
 */
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@stepwell/postgres';

const [, , directory = '', port = ''] = process.argv;
let current: EmbeddedPostgres | undefined;
let stopping = false;
// Ctrl-C reaches the whole process group; the suite goes first and closes our stdin.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.stdin.resume().once('end', () => {
  stopping = true;
  void current?.stop();
});
while (!stopping) {
  // Connections of the processes (up to 17 each), of the suite, and few to spare, so that they can be used up.
  current = await startEmbeddedPostgres({ directory, port: Number(port), settings: { max_connections: '120' } });
  process.stdout.write(`${JSON.stringify({ url: current.url, postmaster: current.pid })}\n`);
  await current.ended;
}
process.exit(0);
