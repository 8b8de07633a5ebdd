import { type Change, ChangeFeed } from '@stepwell/engine';
import { ChangeStream } from './change-stream.js';

const { jest } = import.meta;

class LocalFeed extends ChangeFeed {
  private readonly subscribers = new Set<{ onChange: (change: Change) => void; onGap: (() => void) | undefined }>();

  get size(): number {
    return this.subscribers.size;
  }

  publish(changes: Iterable<Change>): void {
    for (const change of changes) for (const { onChange } of this.subscribers) onChange(change);
  }

  loseConnection(): void {
    for (const { onGap } of this.subscribers) onGap?.();
  }

  subscribe(onChange: (change: Change) => void, onGap?: () => void): () => void {
    const subscriber = { onChange, onGap };
    this.subscribers.add(subscriber);
    return () => this.subscribers.delete(subscriber);
  }

  async close(): Promise<void> {}
}

describe('a stream of changes', () => {
  let feed: LocalFeed;
  let stream: ChangeStream;
  beforeEach(() => {
    jest.useFakeTimers();
    feed = new LocalFeed();
    stream = new ChangeStream({ feed, isWanted: ({ kind }) => kind === 'run', gapMs: 250 });
  });
  afterEach(() => jest.useRealTimers());

  const run = (id: string): Change => ({ tenant: 'default', kind: 'run', id });
  const isSettled = async (promise: Promise<unknown>): Promise<boolean> =>
    (await Promise.race([promise, Promise.resolve(stream)])) !== stream;

  it('tells the first change at once, and what follows within the gap as one: the last', async () => {
    const first = stream.next();
    feed.publish([{ tenant: 'default', kind: 'task', id: 't' }, ...Array.from({ length: 50 }, (_, index) => run(String(index)))]);
    expect(await first).toEqual({ done: false, value: { kind: 'run', id: '0' } });
    const second = stream.next();
    jest.advanceTimersByTime(249);
    expect(await isSettled(second)).toBe(false);
    jest.advanceTimersByTime(2);
    expect(await second).toEqual({ done: false, value: { kind: 'run', id: '49' } });
  });

  it('keeps one change for a reader that is late', async () => {
    feed.publish([run('1'), run('2'), run('3')]);
    expect((await stream.next()).value).toEqual({ kind: 'run', id: '3' });
    jest.advanceTimersByTime(1_000);
    expect(await isSettled(stream.next())).toBe(false);
  });

  it('tells to look again after changes may have been missed', async () => {
    const next = stream.next();
    feed.loseConnection();
    expect((await next).value).toEqual({ kind: 'gap', id: '*' });
  });

  it('ends at once when it is given up, even while somebody waits for the next change', async () => {
    const waiting = stream.next();
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(feed.size).toBe(0);
  });
});
