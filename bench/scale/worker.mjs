// A worker process as a fleet has it, for the measurements of this folder: it takes runs of a database, and nothing else. Its settings are its
// one argument, as JSON: `databaseUrl`, `redisUrl` (wake-ups go by it) and `tells` (the workflow whose ends are told to the parent).
//
// To the parent it says `{ ready }`, then `{ ended: [ids] }`, and, when it is asked by `{ memory }`, what it holds.
import { openRuntime } from '../stepwell/runtime.mjs';

const MB = 1024 * 1024;
const { databaseUrl, redisUrl, tells } = JSON.parse(process.argv[2]);

const app = await openRuntime({
  databaseUrl,
  redisUrl,
  roles: ['worker'],
  onCommitted: ({ runId, workflow, intent }) => workflow === tells && intent.kind === 'end' && process.send({ ended: runId }),
});

process.on('message', (message) => {
  if (message.memory) process.send({ memory: memory() });
  if (message.stop) void stop();
});
process.once('disconnect', () => process.exit(1));
process.send({ ready: true });

/** After what is garbage is gone, where Node lets it be asked for. */
function memory() {
  const resident = process.memoryUsage.rss() / MB;
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return { residentMb: resident, heapMb: process.memoryUsage().heapUsed / MB };
}

async function stop() {
  await app.close();
  process.exit(0);
}
