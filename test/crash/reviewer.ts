/**
 * The person of the crash test: looks for open tasks and decides them, one after the other, whatever dies meanwhile; a decision whose
 * answer was lost is sent again under the same key. Leaves one report in twenty undecided, so that at the end runs wait as well as end.
 * What is decided depends on the report alone. Wakes nobody: a lost wake-up may cost time, never work.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type FieldError, isRefusal, StepwellError } from '@stepwell/contracts';
import { ChangeFeed, WakeUpQueue } from '@stepwell/engine';
import type { Type } from '@stepwell/sdk';
import { ScreenProvider, TaskService } from '@stepwell/tasks';
import { DisputeResolution } from '../../workflows/strike-followup/forms/dispute-resolution.form.js';
import { StrikeDecision } from '../../workflows/strike-review/forms/strike-decision.form.js';
import type { Journal } from '../faults/load/journal.js';
import type { Database } from './database.js';

interface OpenTask {
  readonly tenant: string;
  readonly id: string;
  readonly version: number;
  readonly screen: string;
  readonly report: string;
}

/** Tasks that this reviewer decides; `report` is the key of the record, in the review as in the follow-up. */
const MINE = /* sql */ `
SELECT * FROM (
  SELECT tenant, id, version, screen, status, coalesce(props -> 'report' ->> 'id', props -> 'strike' ->> 'reportId') AS report FROM tasks) t
WHERE t.status = 'open' AND get_byte(sha256(convert_to('leave:' || t.report, 'UTF8')), 0) >= 13`;

const ACTOR = { id: 'crash-test', name: 'Reviewer', kind: 'user' } as const;

export class Reviewer {
  /** Decisions that the database acknowledged. */
  decided = 0;
  /** How many decisions it may make by now. */
  quota = 0;
  private stopped = false;
  private loop: Promise<void> | undefined;
  private failure: Error | undefined;

  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
  ) {}

  start(): void {
    this.loop = this.work().catch((error: unknown) => {
      this.failure = error instanceof Error ? error : new Error(String(error));
    });
  }

  /** How many tasks it still means to decide. */
  async ahead(): Promise<number> {
    if (this.failure) throw this.failure;
    return (await this.database.surely(MINE)).length;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      try {
        const room = Math.min(20, this.quota - this.decided);
        const tasks = room > 0 ? await this.database.query<OpenTask & Record<string, unknown>>(`${MINE} ORDER BY t.id LIMIT ${room}`) : [];
        for (const task of tasks) {
          if (this.stopped) return;
          await this.decide(task);
        }
        if (tasks.length === 0) await delay(50);
      } catch (error) {
        // A refusal is a fault of the system: these tasks are open and nobody else decides. Everything else is the database being killed.
        if (error instanceof StepwellError && !isRefusal(error, 'TASK_CLOSED')) throw error;
        await delay(100);
      }
    }
  }

  private async decide({ tenant, id, version, screen, report }: OpenTask): Promise<void> {
    const tasks = new TaskService(this.database.connections, new ExampleScreens(), new Nobody(), new Nowhere());
    const answer = answerTo(screen, report);
    const request = { tenant, id, actor: ACTOR, expectedVersion: version, answer, idempotencyKey: `crash-${id}` };
    const op = this.journal.next();
    this.journal.ask(op, { kind: 'decide', about: { task: id, answer } });
    for (let tries = 1; ; tries++) {
      try {
        await tasks.complete(request);
        this.decided++;
        this.journal.acknowledge(op, 'decide', tries, { won: true });
        return;
      } catch (error) {
        if (error instanceof StepwellError || tries === 2) throw error;
      }
    }
  }
}

function answerTo(screen: string, report: string): Record<string, string> {
  const draw = createHash('sha256').update(`answer:${report}`).digest().readUInt8(0) % 10;
  if (screen === 'resolve-dispute') return { resolution: draw < 5 ? 'uphold' : 'downgrade' };
  if (draw === 0) return { verdict: 'reject', note: 'No valid report.' };
  return draw === 1 ? { verdict: 'correct', severity: 'minor' } : { verdict: 'confirm' };
}

class ExampleScreens extends ScreenProvider {
  answerClassOf(workflow: string): Type<object> {
    return workflow === 'strike-review' ? StrikeDecision : DisputeResolution;
  }

  mayDecide(): Promise<true> {
    return Promise.resolve(true);
  }

  takeDocuments(): Promise<readonly FieldError[]> {
    return Promise.resolve([]);
  }
}

class Nobody extends WakeUpQueue {
  wake(): void {}

  listen(): Promise<() => Promise<void>> {
    return Promise.resolve(() => Promise.resolve());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class Nowhere extends ChangeFeed {
  publish(): void {}

  subscribe(): () => void {
    return () => undefined;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
