/** Reads the trace of one process while it is being written, and knows at any time what that process has in flight. */
import { closeSync, openSync, readSync } from 'node:fs';
import { parseLine, Trace, type TraceLine } from './trace-line.js';

/** What was in flight in one process at one moment. */
export interface InFlight {
  readonly steps: number;
  readonly transactions: number;
  readonly batches: number;
}

export class TraceReader {
  readonly lines: TraceLine[] = [];
  freezes = 0;
  private readonly handle: number;
  private readonly buffer = Buffer.alloc(256 * 1024);
  private rest = '';
  private readonly steps = new Set<string>();
  private readonly transactions = new Set<string>();
  private readonly batches = new Set<string>();

  constructor(file: string) {
    this.handle = openSync(file, 'a+');
  }

  /** Reads what was written since the last call. */
  inFlight(): InFlight {
    for (;;) {
      const bytes = readSync(this.handle, this.buffer, 0, this.buffer.length, null);
      if (bytes === 0) break;
      const lines = (this.rest + this.buffer.toString('latin1', 0, bytes)).split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) this.take(parseLine(line));
    }
    return { steps: this.steps.size, transactions: this.transactions.size, batches: this.batches.size };
  }

  /** The process has ended: nothing more will come. */
  close(): InFlight {
    const last = this.inFlight();
    closeSync(this.handle);
    return last;
  }

  private take(line: TraceLine): void {
    this.lines.push(line);
    const step = `${line.runId} ${line.step} ${line.attempt}`;
    switch (line.what) {
      case Trace.stepBegun:
        this.steps.add(step);
        break;
      case Trace.stepCompleted:
      case Trace.stepLeft:
      case Trace.stepDropped:
        this.steps.delete(step);
        break;
      case Trace.transactionOpened:
        this.transactions.add(step);
        break;
      case Trace.transactionClosed:
        this.transactions.delete(step);
        break;
      case Trace.batchOpened:
        this.batches.add(line.runId);
        break;
      case Trace.batchClosed:
        this.batches.delete(line.runId);
        break;
      case Trace.frozen:
        this.freezes++;
        break;
      case Trace.runEnded:
        break;
    }
  }
}
