import type { OnModuleDestroy } from '@nestjs/common';
import { Redis } from 'ioredis';

const A_DAY_SECONDS = 86_400;

/** Checkpoints of large payments, each for a day. */
export class Approvals implements OnModuleDestroy {
  private readonly redis: Redis;

  constructor(url: string) {
    this.redis = new Redis(url);
  }

  async keep(runId: string, checkpoint: string): Promise<void> {
    await this.redis.set(keyOf(runId), checkpoint, 'EX', A_DAY_SECONDS);
  }

  /** @throws Error when nobody has asked for it, or that was too long ago */
  async find(runId: string): Promise<string> {
    const checkpoint = await this.redis.get(keyOf(runId));
    if (checkpoint === null)
      throw new Error(`The approval of run ${runId} is over; its run waits. Cancel it, or export its checkpoint again.`);
    return checkpoint;
  }

  async forget(runId: string): Promise<void> {
    await this.redis.del(keyOf(runId));
  }

  onModuleDestroy(): void {
    this.redis.disconnect();
  }
}

function keyOf(runId: string): string {
  return `payment-approval:${runId}`;
}
