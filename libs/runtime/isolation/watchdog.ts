/**
 * Ends a process whose event loop stands still. Such a process does nothing for anybody, its own heartbeats and pages included, and never
 * comes to an end by itself; its runs are blamed and go on elsewhere, or in the process that is started after it.
 *
 * A thread looks, because nothing else of a process runs beside an endless loop. It counts its own looks, not the time: a machine that
 * was suspended, or a process that was stopped by a signal, has not looked either. A process with a debugger may stand still for ever.
 */
import { url as debuggerUrl } from 'node:inspector';
import { Worker } from 'node:worker_threads';

/** Who looks at what the process said last finds this there. */
export const HANG_NOTICE = 'Stepwell ends this process: its event loop has stood still for';

const LOOKS_PER_LIMIT = 20;

/** As text, so that it needs no file of its own, compiled or not. Written with writeSync: nothing else comes out of a process that is killed. */
const HELD = -1;
const THREAD = `
const HELD = ${HELD};
const { workerData: { beats, limitMs, everyMs, notice } } = require('node:worker_threads');
let [seen, missed] = [-1, 0];
setInterval(() => {
  const now = Atomics.load(beats, 0);
  missed = now === seen && now !== HELD ? missed + 1 : 0;
  seen = now;
  if (missed * everyMs < limitMs) return;
  try { require('node:fs').writeSync(2, notice + ' ' + limitMs + ' ms.\\n'); } catch {}
  process.kill(process.pid, 'SIGKILL');
}, everyMs);`;

/** @param limitMs how long the event loop may stand still */
export function watchEventLoop(limitMs: number): void {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const everyMs = limitMs / LOOKS_PER_LIMIT;
  let count = 0;
  setInterval(() => Atomics.store(beats, 0, debuggerUrl() === undefined ? (count = (count + 1) % 1_000) : HELD), everyMs / 2).unref();
  new Worker(THREAD, { eval: true, workerData: { beats, limitMs, everyMs, notice: HANG_NOTICE }, execArgv: [] }).unref();
}
