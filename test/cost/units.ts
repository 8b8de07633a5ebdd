/**
 * The workflows whose cost has a budget, one or two per unit of work, each as small as it can be. The one of three steps has the last name,
 * which saves it some WAL: a full page at the end of an index by name splits without being written again.
 */
import { hostedWorkflows, type Handlers } from '@stepwell/runtime';
import {
  emitter,
  event,
  type RecordBatch,
  type RecordContext,
  type RecordSource,
  Screen,
  type ScreenHandler,
  Step,
  type Type,
  workflow,
  WorkflowModule,
} from '@stepwell/sdk';
import { IsIn } from 'class-validator';

export class Verdict {
  @IsIn(['yes', 'no'])
  verdict!: string;
}

@Screen({ id: 'approve', title: 'Approve the order' })
class Approve implements ScreenHandler<{ total: number }, Verdict, { total: number }> {
  readonly answer = Verdict;
  props(ctx: { input: { total: number } }) {
    return { total: ctx.input.total };
  }
}

const threeSteps = workflow<{ total: number }>('three-steps', { version: 1 })
  .then('one', () => ({ ok: true, n: 1 }))
  .then('two', () => ({ ok: true, n: 2 }))
  .then('three', () => ({ ok: true, n: 3 }));

const screen = workflow<{ total: number }>('screen', { version: 1 })
  .screen(Approve)
  .then('close', (ctx) => ({ verdict: ctx.answerOf(Approve).verdict }));

/** The async result that each run waits for. */
export const asked = new Map<string, string>();
const question = workflow<{ total: number }>('question', { version: 1 })
  .then('ask', async (ctx) => {
    if (ctx.isResumed) return ctx.resumeData;
    const { id } = await ctx.createAsyncResult();
    asked.set(ctx.runId, id);
    return ctx.resumeWhenComplete(id);
  })
  .then('close', () => ({ ok: true }));

const delay = workflow<{ total: number }>('delay', { version: 1 })
  .wait('5m')
  .then('close', () => ({ ok: true }));

export const OrderPaid = event<{ orderId: string }>('order.paid', { external: true });
const payment = workflow<{ orderId: string }>('payment', { version: 1 })
  .waitForEvent(OrderPaid, { match: (ctx) => ({ orderId: ctx.input.orderId }) })
  .then('close', () => ({ ok: true }));

const child = workflow<{ total: number }>('child', { version: 1 }).then('work', () => ({ ok: true }));
const parent = workflow<{ total: number }>('parent', { version: 1 }).subWorkflow(child, (ctx) => ctx.input);

/** Has as many records as its emitter asks for at a time, each with a key of its own, and is then done. */
@Step({ id: 'read-orders' })
class Orders implements RecordSource<{ total: number }, number> {
  read({ cursor, limit }: RecordContext<number>): Promise<RecordBatch<{ total: number }, number>> {
    const from = cursor ?? 0;
    const records = Array.from({ length: limit }, (_, index) => ({ key: keyOf(from + index), input: { total: 500 } }));
    return Promise.resolve({ records, rejected: [], cursor: from + limit, done: true });
  }
}

const record = workflow<{ total: number }>('record', { version: 1 }).then('work', () => ({ ok: true }));
const oneRecord = emitter('one-record', { version: 1, source: Orders, processor: 'record', batchSize: 1 });
const hundredRecords = emitter('hundred-records', { version: 1, source: Orders, processor: 'record', batchSize: 100 });

/** Of one width, so that each takes the same bytes. */
export function keyOf(number: number): string {
  return `order-${String(number).padStart(8, '0')}`;
}

const module = class {};
WorkflowModule({
  workflows: [threeSteps, screen, question, delay, payment, child, parent, record, oneRecord, hundredRecords],
  providers: [Approve, Orders],
})(module);
export const { catalog } = hostedWorkflows([module]);

const instances = new Map<unknown, object>();
const get = <T extends object>(type: Type<T>): T => {
  if (!instances.has(type)) instances.set(type, new type());
  return instances.get(type) as T;
};
export const handlers: Handlers = { get, screen: get };
