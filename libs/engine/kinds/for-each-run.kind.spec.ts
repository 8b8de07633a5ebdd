import { type ForEachRunOptions, type ItemSource, workflow } from '@stepwell/sdk';
import { timeline } from '../timeline/timeline.js';
import { RunDriver } from '../testing/run-driver.js';

const Letter = workflow<{ to: string }>('letter', { version: 1 });
const begin = () => workflow<{ names: string[] }>('order', { version: 1 });
const letters = (options: ForEachRunOptions = {}, names: ItemSource<{ names: string[] }, string> = (ctx) => ctx.input.names) =>
  begin().forEachRun(names, Letter, (to) => ({ to }), { id: 'letters', ...options });
const input = { names: ['a', 'b', 'c', 'd'] };
const RUN = 'letters/each/letters.run';

const living = (driver: RunDriver) => [...driver.database.children.values()].map((child) => (child.input as { to: string }).to);
/** A child of the outside world comes to its end. */
const end = (driver: RunDriver, to: string, fault?: string) => {
  const [id = ''] = [...driver.database.children].find(([, child]) => (child.input as { to: string }).to === to) ?? [];
  driver.database.children.delete(id);
  driver.database.append('child.ended', fault ? { childId: id, fault: { code: 'CHILD_FAILED', message: fault, retryable: false } } : { childId: id, output: { to } }); // prettier-ignore
};
/** Goes on as far as it can while nothing comes from outside. */
const goOn = async (driver: RunDriver) => {
  for (;;) {
    const move = driver.moves().find(({ name }) => !name.startsWith('end the child'));
    if (!move) return;
    await move.make();
  }
};
const begun = async (flow: Parameters<typeof RunDriver.of>[0]) => {
  const driver = RunDriver.of(flow, { input });
  await goOn(driver);
  return driver;
};

describe('a for-each of runs', () => {
  it('starts a run for each item, as many at a time as it may', async () => {
    const driver = await begun(letters({ concurrency: 2 }));
    expect(living(driver)).toEqual(['a', 'b']);
    end(driver, 'b');
    await goOn(driver);
    expect(living(driver)).toEqual(['a', 'c']);
    await driver.settle();
    expect(driver.state).toMatchObject({ status: 'completed', output: { total: 4, completed: 4, failed: 0 } });
  });

  it('starts all that may live in the commit that lists them, and takes in all that have ended at once', async () => {
    const driver = RunDriver.of(letters(), { input });
    await driver.make('evaluate letters?start-0');
    await driver.make('commit');
    expect([driver.facts, living(driver)]).toEqual([
      ['run.started', 'page.listed', ...Array<string>(4).fill('child.started')],
      input.names,
    ]);
    for (const name of ['d', 'a']) end(driver, name);
    await driver.make('read the inbox');
    await driver.make('commit');
    expect(driver.facts.slice(-2)).toEqual(['child.ended', 'child.ended']);
  });

  it('keeps of what is done only the count', async () => {
    const driver = await begun(letters({ concurrency: 1 }));
    for (const name of ['a', 'b', 'c']) {
      end(driver, name);
      await goOn(driver);
    }
    expect([...driver.state.nodes].map(([key]) => key)).toEqual(['letters', `${RUN}#3`]);
    expect([...(driver.state.nodes.get('letters', '')?.counts?.open.values() ?? [])]).toEqual(['d']);
    // What a run gives stays with it.
    const ends = driver.database.journal.filter(({ type }) => type === 'child.ended');
    expect(ends.map(({ payload }) => Object.keys(payload as object))).toEqual(Array(3).fill(['childId']));
  });

  it('asks for page after page, each once and not before the runs of the page before have begun', async () => {
    const asked: unknown[] = [];
    const driver = await begun(
      letters({ concurrency: 2 }, (ctx, cursor) => {
        asked.push(cursor);
        const from = Number(cursor ?? 0);
        return { items: ctx.input.names.slice(from, from + 2), next: from + 2 < 4 ? from + 2 : null };
      }),
    );
    expect([asked, living(driver)]).toEqual([[null], ['a', 'b']]);
    end(driver, 'a');
    await goOn(driver);
    driver.crash();
    await goOn(driver);
    expect([asked, living(driver)]).toEqual([[null, 2], ['b', 'c']]); // prettier-ignore
    await driver.settle();
    expect([driver.state.output, asked.length]).toEqual([{ total: 4, completed: 4, failed: 0 }, 2]);
  });

  it('stores a long list as pages of a thousand', async () => {
    const driver = RunDriver.of(letters({}, () => Array.from({ length: 2_500 }, (_, index) => `name ${index}`)));
    await driver.make('commit');
    const pages = driver.database.journal.filter(({ type }) => type === 'page.listed');
    expect(pages.map(({ payload }) => (payload as { items: unknown[] }).items.length)).toEqual([1_000, 1_000, 500]);
  });

  it('of an empty list does nothing', async () => {
    const driver = RunDriver.of(letters({}, () => ({ items: [] })));
    await driver.settle();
    expect(driver.state.output).toEqual({ total: 0, completed: 0, failed: 0 });
  });

  it('stops at the first failure: it cancels the runs that live, starts no more, and says which run it was', async () => {
    const driver = await begun(letters({ concurrency: 3 }));
    end(driver, 'b', 'Run 7 of "letter" has failed: no paper');
    await driver.settle();
    expect([driver.state.status, living(driver)]).toEqual(['failed', []]);
    expect(driver.state.fault).toEqual({ code: 'CHILD_FAILED', message: 'Run 7 of "letter" has failed: no paper', retryable: false, path: RUN, iteration: '1' }); // prettier-ignore
    expect(driver.facts.filter((type) => type === 'child.started')).toHaveLength(3);
  });

  it('goes on after failures where it is told to, and keeps none of them', async () => {
    const driver = await begun(letters({ concurrency: 1, onItemFailure: 'continue' }));
    end(driver, 'a', 'no');
    await driver.settle();
    expect(driver.state).toMatchObject({ status: 'completed', output: { total: 4, completed: 3, failed: 1 } });
    expect([...driver.state.nodes].map(([key]) => key)).toEqual(['letters']);
  });

  it('collects failures: all items have their turn, then it fails', async () => {
    const driver = await begun(letters({ concurrency: 1, onItemFailure: 'collect' }));
    end(driver, 'a', 'no paper');
    await goOn(driver);
    end(driver, 'b', 'no ink');
    await driver.settle();
    expect(driver.state.fault).toMatchObject({ code: 'ITEMS_FAILED', message: '2 of 4 items of "letters" have failed. The first was item 0: no paper' }); // prettier-ignore
    expect(driver.facts.filter((type) => type === 'child.started')).toHaveLength(4);
  });

  it.each([
    ['stop', 'failed', 2],
    ['continue', 'completed', 4],
    ['collect', 'failed', 4],
  ] as const)('counts an item of which no run can be started as one that failed: %s', async (onItemFailure, status, facts) => {
    const flow = begin().forEachRun((ctx) => ctx.input.names, Letter, (to) => (to === 'b' ? refuse() : { to }), { id: 'letters', onItemFailure }); // prettier-ignore
    const driver = RunDriver.of(flow, { input });
    await driver.settle();
    expect([driver.state.status, driver.facts.filter((type) => type.startsWith('child.') && type !== 'child.ended')]).toEqual([
      status,
      ['child.started', 'child.refused', 'child.started', 'child.started'].slice(0, facts),
    ]);
    if (onItemFailure === 'stop') expect(driver.state.fault?.message).toBe('No run was started for item 1 of "letters": it has no address');
  });

  it('is caught with the place of the item', async () => {
    const flow = begin().try((flow) => flow.forEachRun((ctx) => ctx.input.names, Letter, refuse, { id: 'letters' }), {
      catch: (flow) => flow.then('note', (ctx) => [ctx.error.path, ctx.error.iteration]),
    });
    const driver = RunDriver.of(flow, { input });
    await driver.settle();
    expect(driver.state.output).toEqual([`try-1/try/${RUN}`, '0']);
  });

  it('is canceled with all runs that live', async () => {
    const driver = await begun(letters());
    driver.database.append('cancel.requested', { reason: null, by: null });
    await goOn(driver);
    expect([driver.state.status, driver.database.children.size]).toEqual(['canceled', 0]);
  });

  it.each(['stop', 'collect'] as const)(
    'retried with its run, starts again what has not completed, and nothing else: %s',
    async (policy) => {
      const driver = await begun(letters({ concurrency: 2, onItemFailure: policy }));
      end(driver, 'a');
      await goOn(driver);
      end(driver, 'b', 'no paper');
      await driver.settle();
      const retry = driver.retry();
      await goOn(retry);
      expect(living(retry)).toEqual(policy === 'stop' ? ['c', 'd'] : ['b']);
      await retry.settle();
      expect(retry.state.output).toEqual({ total: 4, completed: 4, failed: 0 });
    },
  );

  it('shows how far it is', async () => {
    const driver = await begun(letters({ concurrency: 1 }));
    end(driver, 'a');
    await goOn(driver);
    const steps = timeline({ facts: driver.database.journal, graph: driver.graph, status: 'waiting', now: driver.now });
    expect(steps.map(({ key, status, progress, childRunId }) => [key, status, progress, childRunId])).toEqual([
      ['letters', 'waiting', { done: 1, total: 4 }, null],
      [`${RUN}#0`, 'completed', null, 'id-1'],
      [`${RUN}#1`, 'waiting', null, 'id-2'],
    ]);
  });

  it('shows of a long list the first runs, and of the others those that live or have failed', async () => {
    const names = Array.from({ length: 204 }, (_, index) => `name ${index}`);
    const driver = RunDriver.of(letters({ concurrency: 300, onItemFailure: 'continue' }, () => names));
    await goOn(driver);
    for (const name of names.slice(0, -1)) end(driver, name, name === 'name 202' ? 'no' : undefined);
    await goOn(driver);
    const steps = timeline({ facts: driver.database.journal, graph: driver.graph, status: 'waiting', now: driver.now });
    expect(steps.slice(200).map(({ iteration, status }) => `${iteration} ${status}`)).toEqual([
      '199 completed',
      '202 failed',
      '203 waiting',
    ]);
  });

  it.each([
    ['no list', () => 'abc' as never, /must be an array, or a page/],
    ['not JSON', () => [new Date() as never], /items\[0\]/],
    ['a page without an end', () => ({ items: ['a'], next: 1 }), /It would never end/],
  ])('of what is %s fails the run, and says so', async (_what, items, message) => {
    const driver = RunDriver.of(letters({}, items), { input });
    await driver.settle();
    expect(driver.state.fault?.message).toMatch(message);
  });

  it.each([0, 1.5, 1_001])('refuses a concurrency of %d', (concurrency) => {
    expect(() => letters({ concurrency })).toThrow(/a whole number from 1 to 1000/);
  });
});

function refuse(): never {
  throw new Error('it has no address');
}
