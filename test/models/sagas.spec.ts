/**
 * A saga beside its model: steps with an undo, two of them in a try that undoes its own, whose outside says yes or no; it is canceled, and
 * processes die before and after whatever they write. What the outside has seen is what the model says, in its order, each under one
 * key. In memory, through the real worker loop.
 */
import { type StepContext, Step, type StepHandler, TerminalError, type Undo, workflow, WorkflowModule } from '@stepwell/sdk';
import { type RunUnderTest, testKit, type TestKit } from '@stepwell/sdk/testing';
import fc from 'fast-check';
import { mustEqual } from '../../libs/engine/testing/must-equal.js';
import { type ModelTest, modelTimeout, type Move, playModel } from './play-model.js';

const SEQUENCES = 200;
const PLACES = ['flight', 'hotel', 'tour', 'guide', 'insurance'] as const;
type Place = (typeof PLACES)[number];
/** In the try. */
const INNER: readonly Place[] = ['tour', 'guide'];

/** What the outside was asked, each by the key that it was asked with. */
class Outside {
  readonly seen: { readonly what: string; readonly key: string }[] = [];
  /** So many attempts to undo still fail. */
  refusals = 0;

  does(what: string, key: string): void {
    this.seen.push({ what, key });
  }

  /** Without what it was asked again. @throws Error when the same came under two keys */
  get effects(): readonly string[] {
    const keys = new Map(this.seen.map(({ what, key }) => [what, key]));
    const strange = this.seen.find(({ what, key }) => keys.get(what) !== key);
    if (strange) throw new Error(`"${strange.what}" was asked for under two keys.`);
    return [...keys.keys()];
  }
}
let outside = new Outside();

type Trip = StepContext<null>;

const booking = (place: Place) => async (ctx: Trip) => {
  if (!ctx.isResumed) return ctx.resumeWhenComplete((await ctx.createAsyncResult()).id);
  if (ctx.resumeData !== 'yes') throw new TerminalError(`There is no ${place}.`);
  outside.does(`book ${place}`, ctx.idempotencyKey);
  return { place, key: ctx.idempotencyKey };
};

@Step({ id: 'call-off', retry: { attempts: 5, backoff: '1m' } })
class CallOff implements StepHandler<unknown, null, Undo> {
  run({ params, idempotencyKey }: StepContext<null, Undo>) {
    const output = params.output as { readonly place: Place; readonly key: string };
    if (outside.refusals > 0) {
      outside.refusals--;
      throw new Error('Nobody answers.');
    }
    const booked = outside.seen.find(({ key }) => key === output.key);
    mustEqual(booked?.what, `book ${output.place}`, 'What is undone, and what was done');
    outside.does(`call off ${output.place}`, idempotencyKey);
    return null;
  }
}

const undone = { compensate: CallOff };
const trip = workflow<null>('trip', { version: 1 })
  .then('flight', booking('flight'), undone)
  .then('hotel', booking('hotel'), undone)
  .try((flow) => flow.then('tour', booking('tour'), undone).then('guide', booking('guide'), undone), {
    compensate: true,
    catch: (flow) => flow.then('stroll', (ctx) => outside.does('stroll', ctx.idempotencyKey)),
  })
  .then('insurance', booking('insurance'), undone);

@WorkflowModule({ workflows: [trip], providers: [CallOff] })
class Trips {}

/** What a saga is: what has been done and not undone, and where it stands. */
class SagaModel {
  readonly effects: string[] = [];
  private done: Place[] = [];
  /** The place that is asked about. */
  at = 0;
  status: 'waiting' | 'completed' | 'failed' | 'canceled' = 'waiting';

  hears(isYes: boolean): void {
    const place = PLACES[this.at];
    if (!place) return;
    if (isYes) {
      this.effects.push(`book ${place}`);
      this.done.push(place);
      this.at++;
      if (this.at === PLACES.length) this.status = 'completed';
    } else if (INNER.includes(place)) {
      this.undoes((one) => INNER.includes(one));
      this.effects.push('stroll');
      this.at = PLACES.indexOf('insurance');
    } else this.ends('failed');
  }

  ends(status: 'failed' | 'canceled'): void {
    this.undoes(() => true);
    this.status = status;
  }

  /** The last first. */
  private undoes(which: (place: Place) => boolean): void {
    for (const place of this.done.filter(which).reverse()) this.effects.push(`call off ${place}`);
    this.done = this.done.filter((place) => !which(place));
  }
}

interface World {
  readonly t: TestKit;
  readonly run: RunUnderTest;
}

describe('a saga and its model', () => {
  it('do and undo the same in the same order, wherever processes die', () => playModel(TEST), modelTimeout(SEQUENCES));

  async function compare(model: SagaModel, { t, run }: World): Promise<void> {
    // Undos that failed are tried again.
    await t.advance('1d');
    mustEqual(await run.status(), model.status, 'The run, and what it should be');
    mustEqual(outside.effects, model.effects, 'What was done outside, and what should be');
    const facts = (await run.journal()).filter(({ type }) => type === 'step.completed').map(({ path }) => path);
    mustEqual(new Set(facts).size, facts.length, 'How many steps have completed, and how often they did');
  }

  const move = (name: string, make: (model: SagaModel, world: World) => Promise<string>): Move<SagaModel, World> => ({
    name,
    isPossible: ({ status }) => status === 'waiting',
    make: async (model, world) => {
      const crashes = world.t.crashes;
      const what = await make(model, world);
      await compare(model, world);
      return world.t.crashes > crashes ? `${what}, crash in it` : what;
    },
  });

  const hears = (isYes: boolean) =>
    move(`the next one says ${isYes ? 'yes' : 'no'}`, async (model, { t }) => {
      const place = PLACES[model.at] ?? '';
      const before = model.effects.length;
      model.hears(isYes);
      await t.resolve(place, isYes ? 'yes' : 'no');
      await t.advance('1d');
      return [isYes ? 'yes' : 'no', ...(model.effects.slice(before).some((what) => what.startsWith('call off')) ? ['undone'] : [])].join(
        ', ',
      );
    });

  const cancels = move('it is canceled', async (model, { t, run }) => {
    model.ends('canceled');
    await t.cancel(run);
    return 'canceled';
  });

  const dies = move('the process dies', async (_model, { t }) => {
    await t.crash();
    return 'dies';
  });

  const willDie = (write: number, moment: 'before' | 'after') =>
    move(`the process will die ${moment} its write ${write} from now`, async (_model, { t: { writes } }) => {
      Object.assign(writes, { death: { write: writes['count'] + write, moment } });
      return 'will die';
    });

  const willRefuse = (times: number) =>
    move(`${times} attempts to undo will fail`, async () => {
      outside.refusals = times;
      return 'will refuse';
    });

  const TEST: ModelTest<SagaModel, World> = {
    file: 'test/models/sagas.spec.ts',
    name: 'do and undo',
    sequences: SEQUENCES,
    moves: 16,
    start: fc.constant(null),
    move: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(true, true, true, true, false).map(hears) },
      {
        weight: 6,
        arbitrary: fc
          .tuple(fc.integer({ min: 1, max: 7 }), fc.constantFrom('before' as const, 'after' as const))
          .map(([write, moment]) => willDie(write, moment)),
      },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }).map(willRefuse) },
      { weight: 1, arbitrary: fc.constantFrom(cancels, dies) },
    ),
    begin: async () => {
      outside = new Outside();
      const t = await testKit({ workflows: [Trips], store: 'memory' });
      return { model: new SagaModel(), real: { t, run: await t.start(trip, null) } };
    },
    end: async (model, world) => {
      if (model.status === 'waiting') await hears(false).make(model, world);
      if (model.status === 'waiting') await cancels.make(model, world);
      await compare(model, world);
      await world.t.close();
    },
    mustSee: { yes: 90, no: 30, undone: 12, canceled: 8, 'crash in it': 60, dies: 5, 'will refuse': 20 },
  };
});
