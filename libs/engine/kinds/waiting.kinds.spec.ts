/** The kinds that wait for people and for time, and the one that emits. */
import { businessCalendar, event, type Flow, type ReadContext, Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

class Answer {}

@Screen({ id: 'review', title: 'Review the order', instructions: 'Look twice.' })
class Review implements ScreenHandler<{ total: number }, Answer> {
  readonly answer = Answer;
  props(ctx: ReadContext<{ total: number }>) {
    return { total: ctx.input.total };
  }
  subject(ctx: ReadContext<{ total: number }>) {
    return `Order over ${ctx.input.total}`;
  }
}

@Screen({ id: 'broken', title: 'Broken' })
class Broken implements ScreenHandler<unknown, Answer> {
  readonly answer = Answer;
  props() {
    return { due: new Date(0) };
  }
}

@Screen({ id: 'cut', title: 'Cut' })
class Cut implements ScreenHandler<unknown, Answer> {
  readonly answer = Answer;
  props() {
    return {};
  }
  subject() {
    return 'thumbs up 👍'.slice(0, 11);
  }
}

const begin = () => workflow<{ total: number }>('order', { version: 1 });
const failure = async (flow: Flow<{ total: number }>) => {
  const driver = RunDriver.of(flow);
  await driver.settle();
  expect(driver.state.status).toBe('failed');
  return driver.state.fault?.message;
};

describe('a screen', () => {
  it('opens one task with what the reviewer will see, and ends with the answer', async () => {
    const driver = RunDriver.of(begin().screen(Review, { due: '4h', priority: 2 }), { input: { total: 7 }, answer: () => ({ ok: true }) });
    await driver.make('commit');
    expect([...driver.database.tasks.values()]).toEqual([
      {
        id: 'id-1',
        path: 'review',
        iteration: '',
        screen: 'review',
        title: 'Review the order',
        subject: 'Order over 7',
        instructions: 'Look twice.',
        priority: 2,
        dueAt: 1_000 + 4 * 3_600_000,
        undoMs: null,
        props: { total: 7 },
        form: { 'x-screen': 'review' },
      },
    ]);
    await driver.settle();
    expect(driver.state.output).toEqual({ ok: true });
  });

  it('is due, and a wait is over, in business time by the workflow’s calendar', async () => {
    const flow = workflow<{ total: number }>('order', { version: 1, calendar: businessCalendar({ zone: 'UTC' }) });
    const driver = RunDriver.of(flow.screen(Review, { due: '2bd' }).wait('4bh'), { input: { total: 7 } });
    await driver.make('commit');
    // It began on a Thursday, a second after midnight.
    expect([...driver.database.tasks.values()]).toMatchObject([{ dueAt: Date.parse('1970-01-05T09:00Z') }]);
    await driver.settle();
    expect(driver.now).toBe(Date.parse('1970-01-01T13:00Z'));
    expect(() => begin().wait('4bh')).toThrow('"4bh" is business time, and the workflow has no calendar.');
  });

  it('opens no second task after a crash', async () => {
    const driver = RunDriver.of(begin().screen(Review), { input: { total: 1 } });
    await driver.make('evaluate review?open');
    driver.crash();
    await driver.make('commit');
    driver.crash();
    expect(driver.possible).toEqual(['answer review']);
    expect(driver.database.tasks.size).toBe(1);
  });

  it('fails the run when what it shows is not JSON, naming the place', async () => {
    expect(await failure(begin().screen(Broken))).toBe(
      '"broken" could not be evaluated: The props of screen "broken" are not JSON: at $.due, a Date instance has no JSON form; use date.toISOString().',
    );
  });
});

describe('the subject of a screen', () => {
  it('fails the run when it was cut in the middle of a character', async () => {
    expect(await failure(begin().screen(Cut))).toBe(
      '"cut" could not be evaluated: The subject of screen "cut" cannot be kept: the text holds a NUL character or half a surrogate pair.',
    );
  });
});

describe('a wait', () => {
  it('is due so long after it began, however often the worker dies', async () => {
    const driver = RunDriver.of(begin().wait('1h'));
    await driver.make('commit');
    driver.now += 60_000;
    driver.crash();
    await driver.make('let time pass');
    expect(driver.now).toBe(1_000 + 3_600_000);
    await driver.settle();
    expect(driver.state).toMatchObject({ status: 'completed', output: null });
  });

  it('takes its duration from the run', async () => {
    const driver = RunDriver.of(
      begin().wait((ctx) => `${ctx.input.total}s`),
      { input: { total: 30 } },
    );
    await driver.settle();
    expect(driver.now).toBe(31_000);
  });

  it('fails the run when that is no duration', async () => {
    expect(await failure(begin().wait(() => 'soon'))).toBe(
      '"wait-1" could not be evaluated: Workflow "order", wait "wait-1": "soon" is not a duration. Write "15m", "2h" or "PT15M".',
    );
  });
});

describe('a wait until an instant', () => {
  it('is due then, whenever it began', async () => {
    const driver = RunDriver.of(begin().wait('1h').waitUntil('1970-01-02T00:00Z'));
    await driver.settle();
    expect([driver.now, driver.state.status]).toEqual([86_400_000, 'completed']);
  });

  it('takes its instant from the run, and does not wait for one that has passed', async () => {
    const driver = RunDriver.of(
      begin().waitUntil((ctx) => new Date(ctx.input.total)),
      { input: { total: 30 } },
    );
    await driver.settle();
    expect([driver.now, driver.state.status]).toEqual([1_000, 'completed']);
  });

  it('fails the run when that is no instant, and the boot when it never can be', async () => {
    expect(await failure(begin().waitUntil(() => '2026-03-01T08:00'))).toContain('wait "wait-1": "2026-03-01T08:00" has no offset');
    expect(() => begin().waitUntil('Easter')).toThrow('Workflow "order", wait "wait-1": "Easter" is not an instant.');
  });
});

describe('emit', () => {
  const Filed = event<{ total: number }>('order.filed');

  it('appends its event once, with its key, and ends with the id of the event', async () => {
    const driver = RunDriver.of(
      begin().emit(Filed, (ctx) => ({ total: ctx.input.total }), { id: 'tell', idempotencyKey: (ctx) => `order-${ctx.input.total}` }),
      { input: { total: 7 } },
    );
    await driver.make('evaluate tell?emit');
    driver.crash();
    await driver.settle();
    expect(driver.database.events).toEqual([
      { id: 'id-2', name: 'order.filed', payload: { total: 7 }, idempotencyKey: 'order-7', path: 'tell' },
    ]);
    expect(driver.state.output).toEqual({ eventId: 'id-2' });
  });

  it('fails the run when its key was cut in the middle of a character: two such keys would become one', async () => {
    expect(await failure(begin().emit(Filed, () => ({ total: 1 }), { id: 'tell', idempotencyKey: () => '👍'.slice(0, 1) }))).toBe(
      '"tell" could not be evaluated: The idempotency key of event "order.filed" cannot be kept: the text holds a NUL character or half a surrogate pair.',
    );
  });

  it('is written in the commit of the step before it', async () => {
    const driver = RunDriver.of(begin().then('file', () => 1).emit(Filed, () => ({ total: 1 }))); // prettier-ignore
    await driver.make('finish file!1.0');
    expect(driver.possible).toContain('evaluate emit-1?emit');
    await driver.make('evaluate emit-1?emit');
    await driver.make('commit');
    expect(driver.facts.slice(1, 3)).toEqual(['step.completed', 'event.emitted']);
  });

  it('fails the run when its payload is not JSON', async () => {
    expect(await failure(begin().emit(Filed, () => ({ total: Number.NaN })))).toBe(
      '"emit-1" could not be evaluated: The payload of event "order.filed" is not JSON: at $.total, the number NaN has no JSON form; use null or a string.',
    );
  });
});
