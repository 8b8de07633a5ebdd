import type { Json } from '../../../graphql.js';
import { settled, VirtualTimers } from '../../../connection/virtual-timers.js';
import { DraftSaver, RETRY_AFTER_MS, SAVE_AFTER_MS, type DraftStatus, type SaveOutcome } from './draft-saver.js';

function bench() {
  const timers = new VirtualTimers();
  const saves: { draft: Json; isLeaving: boolean; land: (outcome: SaveOutcome) => void }[] = [];
  const statuses: DraftStatus[] = [];
  const saver = new DraftSaver({
    timers,
    onStatus: (status) => statuses.push(status),
    save: (draft, isLeaving) => new Promise((land) => saves.push({ draft, isLeaving, land })),
  });
  return { timers, saves, statuses, saver };
}

describe('DraftSaver', () => {
  it('saves once, a moment after the last change', async () => {
    const { timers, saves, saver } = bench();
    saver.change('a');
    await timers.advance(SAVE_AFTER_MS - 1);
    saver.change('ab');
    await timers.advance(SAVE_AFTER_MS - 1);
    expect(saves).toHaveLength(0);
    await timers.advance(1);
    expect(saves.map(({ draft }) => draft)).toEqual(['ab']);
  });

  it('has one save under way at a time and sends what was typed meanwhile after it', async () => {
    const { timers, saves, statuses, saver } = bench();
    saver.change('first');
    await timers.advance(SAVE_AFTER_MS);
    saver.change('second');
    await timers.advance(10 * SAVE_AFTER_MS);
    expect(saves).toHaveLength(1);
    saves[0]?.land('saved');
    await timers.advance(SAVE_AFTER_MS);
    expect(saves.map(({ draft }) => draft)).toEqual(['first', 'second']);
    saves[1]?.land('saved');
    await settled();
    expect(statuses.at(-1)).toBe('saved');
    expect(saver.isBehind).toBe(false);
  });

  it('tries again after a failure, with the newest text', async () => {
    const { timers, saves, statuses, saver } = bench();
    saver.change('old');
    await timers.advance(SAVE_AFTER_MS);
    saves[0]?.land('failed');
    await settled();
    expect(statuses.at(-1)).toBe('failed');
    expect(saver.isBehind).toBe(true);
    await timers.advance(RETRY_AFTER_MS);
    expect(saves[1]?.draft).toBe('old');
  });

  it('does not insist after a refusal until it is resumed', async () => {
    const { timers, saves, saver } = bench();
    saver.change('mine');
    await timers.advance(SAVE_AFTER_MS);
    saves[0]?.land('refused');
    await timers.advance(10 * RETRY_AFTER_MS);
    expect(saves).toHaveLength(1);
    saver.resume();
    await timers.advance(SAVE_AFTER_MS);
    expect(saves[1]?.draft).toBe('mine');
  });

  it('saves at once when one leaves, after the save under way', async () => {
    const { timers, saves, saver } = bench();
    saver.change('a');
    await timers.advance(SAVE_AFTER_MS);
    saver.change('ab');
    const left = saver.flush(true);
    await settled();
    expect(saves).toHaveLength(1);
    saves[0]?.land('saved');
    await settled();
    expect(saves[1]).toMatchObject({ draft: 'ab', isLeaving: true });
    saves[1]?.land('saved');
    await left;
    expect(saver.isBehind).toBe(false);
  });

  it('saves nothing while it is held, and forgets what was decided', async () => {
    const { timers, saves, saver } = bench();
    saver.change('a');
    await saver.hold();
    await timers.advance(10 * SAVE_AFTER_MS);
    expect(saves).toHaveLength(0);
    saver.discard();
    saver.resume();
    await timers.advance(10 * SAVE_AFTER_MS);
    expect(saves).toHaveLength(0);
  });
});
