/** What the traces of all lives say together: who finished what, what was done again, and whether anything finished was. */
import type { Life, Slot } from './system.js';
import { Trace } from './trace-line.js';

export interface Executions {
  readonly begun: number;
  /** Attempts that were entered by one process, cut by its death, and entered again by another. */
  readonly begunAgain: number;
  /** Steps that were entered after a process had known them completed: must be none. */
  readonly begunAfterCompletion: readonly string[];
  /** Runs whose end each worker committed, over all its lives. */
  readonly finishedBy: Readonly<Record<Slot, number>>;
}

export function executionsOf(lives: readonly Life[]): Executions {
  const completed = new Map<string, number>();
  const open = new Map<string, Life>();
  const finishedBy: Record<Slot, number> = { A: 0, B: 0 };
  const begunAfterCompletion: string[] = [];
  let [begun, begunAgain] = [0, 0];
  const all = lives.flatMap((life) => life.trace.lines.map((line) => ({ life, ...line }))).sort((a, b) => a.at - b.at);
  for (const { life, at, what, runId, step, attempt } of all) {
    const entry = `${runId} ${step} ${attempt}`;
    if (what === Trace.runEnded) finishedBy[life.slot]++;
    if (what === Trace.stepCompleted) completed.set(`${runId} ${step}`, at);
    if (what === Trace.stepCompleted || what === Trace.stepLeft) open.delete(entry);
    if (what !== Trace.stepBegun) continue;
    begun++;
    const done = completed.get(`${runId} ${step}`);
    if (done !== undefined)
      begunAfterCompletion.push(`${step} of run ${runId}, ${at - done} us after its completion, by ${life.slot}${life.number}`);
    if (open.has(entry) && open.get(entry) !== life) begunAgain++;
    open.set(entry, life);
  }
  return { begun, begunAgain, begunAfterCompletion, finishedBy };
}
