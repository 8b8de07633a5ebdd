/** Small workflows for tests of the API: an order that somebody approves, what it causes, and an emitter that feeds it. */
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Min, ValidateNested } from 'class-validator';
import {
  businessCalendar,
  emitter,
  event,
  type InjectedResult,
  on,
  type ReadContext,
  type RecordBatch,
  type RecordContext,
  type RecordSource,
  Screen,
  type ScreenHandler,
  Step,
  type StepContext,
  type StepHandler,
  type Suggestion,
  signal,
  workflow,
  WorkflowModule,
} from '@stepwell/sdk';

class Customer {
  @IsString()
  name!: string;
}

class Order {
  @IsString()
  id!: string;

  @IsInt()
  @Min(1)
  quantity!: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => Customer)
  customer?: Customer;
}

class Approval {
  @IsIn(['approve', 'reject'])
  verdict!: 'approve' | 'reject';

  @IsOptional()
  @IsString()
  note?: string;
}

@Step({ id: 'price' })
class Price implements StepHandler<{ total: number }, Order> {
  run(ctx: StepContext<Order>) {
    return { total: ctx.input.quantity * 10 };
  }
}

@Screen({ id: 'approve', title: 'Approve the order', instructions: 'Look at the total.' })
class Approve implements ScreenHandler<{ total: number }, Approval, Order> {
  readonly answer = Approval;

  props(ctx: ReadContext<Order>) {
    return { total: ctx.resultOf(Price).total };
  }

  suggest(): Suggestion<Approval> {
    return { values: { verdict: 'approve', note: 'As always.' }, confidence: 0.9, fields: { note: 0.3 }, source: Price };
  }

  subject({ input }: ReadContext<Order>) {
    return `Order ${input.id}`;
  }
}

/** Tells the test where to deliver, as it would tell an outside service. */
export const askedAt: string[] = [];

@Step({ id: 'ask' })
class Ask implements StepHandler<unknown> {
  async run(ctx: StepContext): Promise<unknown> {
    if (ctx.isResumed) return ctx.resumeData;
    const { id, callbackUrl } = await ctx.createAsyncResult();
    askedAt.push(callbackUrl);
    return ctx.resumeWhenComplete(id);
  }
}

@Step({ id: 'read-orders' })
class ReadOrders implements RecordSource<Order, null> {
  async read(_ctx: RecordContext<null>): Promise<RecordBatch<Order, null>> {
    const records = ['A', 'B', 'A'].map((id, index) => ({ key: id, input: { id, quantity: 1 }, position: index + 1 }));
    return { records, rejected: [{ position: 4, reason: 'short row', excerpt: 'x,y' }], cursor: null, done: true };
  }
}

const orderApproved = event<{ id: string }>('order.approved');

class Hurry {
  @IsOptional()
  @IsString()
  why?: string;
}

const orders = workflow<Order>('orders', {
  signals: [signal('hurry', Hurry)],
  version: 1,
  title: 'Handle an order',
  input: Order,
  columns: {
    Customer: ({ input }) => input.customer?.name,
    Total: (ctx) => ctx.maybeResultOf(Price)?.total,
    Broken: () => {
      throw new Error('The column is out of order.');
    },
  },
  startOn: [on(event<Order>('order.received', { external: true }), ({ payload }) => ({ input: payload }))],
})
  .then(Price)
  .screen(Approve, { due: '4h', priority: 5, columns: { Customer: ({ input }) => `of ${input.id}`, Waits: () => 'for an approval' } })
  .emit(orderApproved, (ctx) => ({ id: ctx.input.id }));

const shipping = workflow<{ id: string }>('shipping', {
  version: 1,
  calendar: businessCalendar({ zone: 'Europe/Zurich', closed: ['2026-12-25'] }),
  startOn: [on(orderApproved, ({ payload }) => ({ input: payload }))],
}).then('ship', () => ({ shipped: true }), { idempotency: { key: (ctx) => `ship:${ctx.input.id}` } });

class NoteToWrite {
  @IsString()
  text!: string;
}

@Step({ id: 'write-note' })
class WriteNote implements StepHandler<{ written: string }, unknown, NoteToWrite> {
  run({ params }: StepContext<unknown, NoteToWrite>) {
    return { written: params.text };
  }
}

const asking = workflow('asking', { version: 1, maxInjected: 3 })
  .then(Ask)
  .inject({ note: { handler: WriteNote, params: NoteToWrite } }, { id: 'notes' })
  .then('end', (ctx) => {
    const notes = ctx.resultOf<InjectedResult[]>('notes');
    return notes.length > 0 ? notes : ctx.resultOf(Ask);
  });

const failing = workflow('failing', { version: 1 }).then('fail', () => {
  throw new Error('The press is jammed.');
});

const parked = workflow('parked', { version: 1 }).then(
  'press',
  () => {
    throw new Error('The press is jammed.');
  },
  { onExhausted: 'park' },
);

const intake = emitter('intake', {
  version: 1,
  title: 'Read orders',
  source: ReadOrders,
  processor: 'orders',
  schedule: { cron: '0 6 * * 1-5', zone: 'Europe/Zurich' },
});

@WorkflowModule({ workflows: [orders, shipping, asking, failing, parked, intake], providers: [Price, Approve, Ask, WriteNote, ReadOrders] })
export class OrdersModule {}
