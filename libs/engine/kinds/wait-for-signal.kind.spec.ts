import { signal, workflow } from '@stepwell/sdk';
import { compile } from '../graph/compile.js';
import { definitionOf } from '@stepwell/sdk';
import { RunDriver } from '../testing/run-driver.js';

class Word {
  word!: string;
}
const Say = signal('say', Word);
const begin = () => workflow<unknown>('order', { version: 1, signals: [Say] });
const say = (driver: RunDriver, word: string) => driver.database.append('signal.received', { name: 'say', payload: { word }, by: null });

describe('a wait for a signal', () => {
  it('takes what came before it, each once, the oldest first', async () => {
    const driver = RunDriver.of(
      begin()
        .then('first', () => 1)
        .parallel({ a: (flow) => flow.waitForSignal(Say), b: (flow) => flow.waitForSignal('say') })
        .waitForSignal(Say, { id: 'last' }),
    );
    for (const word of ['one', 'two']) say(driver, word);
    await driver.settle();
    driver.crash();
    expect(driver.waits).toEqual([{ reason: 'signal', dueAt: undefined }]);
    expect(driver.state.nodes.get('parallel-1/a/wait-for-signal-1', '')?.output).toEqual({
      timedOut: false,
      payload: { word: 'one' },
      by: null,
    });
    expect(driver.state.nodes.get('parallel-1/b/wait-for-signal-2', '')?.output).toMatchObject({ payload: { word: 'two' } });
    say(driver, 'three');
    await driver.settle();
    expect(driver.state.output).toEqual({ timedOut: false, payload: { word: 'three' }, by: null });
  });

  it('ends when its time is up, which is told from when it began', async () => {
    const driver = RunDriver.of(begin().waitForSignal(Say, { timeout: '1h' }));
    await driver.make('commit');
    await driver.make('let time pass');
    expect(driver.now).toBe(3_601_000);
    await driver.settle();
    expect(driver.state.output).toEqual({ timedOut: true, payload: null, by: null });
  });

  it('is refused where its workflow does not take the signal', () => {
    expect(() => compile(definitionOf(begin().waitForSignal('sya', { id: 'word' })))).toThrow(
      'Workflow "order", waitForSignal "word": it waits for "sya", but the workflow\'s signals have "say". Add it there.',
    );
  });
});
