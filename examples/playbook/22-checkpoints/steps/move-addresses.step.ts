import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { Books } from '../books.js';
import type { Move } from '../move.js';

/** How far it has come. The version is for the day on which this looks different: a step may find what an older one has saved. */
interface Place {
  readonly version: 1;
  readonly moved: number;
}

@Step({ id: 'move-addresses', heartbeatTimeout: '2m', retry: { attempts: 5, backoff: '10s' } })
export class MoveAddresses implements StepHandler<{ moved: number }, Move> {
  constructor(private readonly books: Books) {}

  async run(ctx: StepContext<Move>): Promise<{ moved: number }> {
    const { signal, idempotencyKey } = ctx;
    let { moved } = ctx.loadCheckpoint<Place>() ?? { moved: 0 };
    for (;;) {
      const { addresses, total } = await this.books.old.page(moved, { signal });
      if (addresses.length === 0) return { moved };
      await this.books.fresh.add(addresses, { signal, idempotencyKey: `${idempotencyKey}-${moved}` });
      moved += addresses.length;
      await ctx.saveCheckpoint({ version: 1, moved } satisfies Place);
      ctx.progress(moved, total);
    }
  }
}
