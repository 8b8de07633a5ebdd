import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { StepwellClient } from '@stepwell/sdk';
import { type ConnectionOptions, Queue, Worker } from 'bullmq';

/** Of one large change: what is asked of whoever looks through them, and how it goes on. */
export interface ChangeJob {
  readonly runId: string;
  readonly rows: number;
  readonly checkpoint: string;
}

export class ChangeJobs implements OnModuleDestroy {
  static readonly queue = 'data-changes';
  private readonly queue: Queue<ChangeJob>;

  constructor(readonly connection: ConnectionOptions) {
    this.queue = new Queue(ChangeJobs.queue, { connection });
  }

  /** The id of the run is that of the job: one that is added again is the same. */
  async add(job: ChangeJob): Promise<void> {
    await this.queue.add('change', job, { jobId: job.runId, attempts: 5, backoff: { type: 'exponential', delay: 1_000 } });
  }

  async onModuleDestroy(): Promise<void> {
    await this.queue.close();
  }
}

/** Takes the jobs in a process of its own, or in the server's. */
@Injectable()
export class ChangeInspector {
  constructor(
    private readonly jobs: ChangeJobs,
    private readonly client: StepwellClient,
  ) {}

  /** @param mayGo looks at a change; what it throws has the job tried again */
  start(mayGo: (job: ChangeJob) => boolean): Worker<ChangeJob> {
    const { connection } = this.jobs;
    return new Worker<ChangeJob>(ChangeJobs.queue, async ({ data }) => mayGo(data) && this.goOn(data.checkpoint), { connection });
  }

  /** A job is done at least once: one that had gone through before its worker died is done. */
  private async goOn(checkpoint: string): Promise<boolean> {
    await this.client.runCheckpoint(checkpoint).catch((error: unknown) => {
      if ((error as { code?: string }).code !== 'CHECKPOINT_USED') throw error;
    });
    return true;
  }
}
