import type { ExecuteAction } from '@stepwell/engine';
import { Entry } from './entry.js';
import { SYSTEM_TIMERS } from './system-timers.js';

const { jest } = import.meta;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('an entry that has to be heard', () => {
  const listening = () => {
    const entry = new Entry({} as ExecuteAction, 0, SYSTEM_TIMERS);
    const lost = jest.fn();
    entry.listen(60, lost);
    return { entry, lost };
  };

  it('lives as long as it beats, and is lost when it was silent for the whole time since', () => {
    const { entry, lost } = listening();
    for (let beat = 0; beat < 10; beat++) {
      jest.advanceTimersByTime(59);
      entry.beat();
    }
    jest.advanceTimersByTime(59);
    expect([lost.mock.calls.length, entry.signal.aborted]).toEqual([0, false]);
    jest.advanceTimersByTime(1);
    expect([lost.mock.calls.length, entry.signal.aborted]).toEqual([1, true]);
  });

  it('is not listened to any more when it is closed', () => {
    const { entry, lost } = listening();
    entry.close();
    entry.beat();
    jest.advanceTimersByTime(1_000);
    expect(lost).not.toHaveBeenCalled();
  });
});
