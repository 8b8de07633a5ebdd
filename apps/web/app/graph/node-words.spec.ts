import { kindWord, optionWords } from './node-words.js';

describe('the words of a node', () => {
  it.each([
    [{ attempts: 3, backoffMs: 2_000, timeoutMs: 60_000, queue: 'OCR' }, ['3 attempts', '2 s apart at first', 'timeout 1 min', 'queue OCR']],
    [{ dueMs: 14_400_000, priority: 5 }, ['due in 4 h', 'priority 5']],
    [{ due: '3bd', undoMs: 5_000, escalations: 1 }, ['due in 3 business days', 'undo for 5 s', '1 escalation']],
    [{ due: '1bh' }, ['due in 1 business hour']],
    [{ durationMs: 90_000 }, ['1 min 30 s']],
    [{ mode: 'collect-all', concurrency: 1 }, ['collect all', 'one at a time']],
    [{ concurrency: 4 }, ['4 at a time']],
    [{ timeoutMs: 86_400_000, since: 'registration' }, ['timeout 1 d', 'since registration']],
    [{ by: 'ctx.resultOf(Score).tier' }, ['by ctx.resultOf(Score).tier']],
    [{ until: 'ctx.resultOf(Poll).done', maxIterations: 20, pauseMs: 60_000 }, ['until ctx.resultOf(Poll).done', 'at most 20 turns', 'pause 1 min']],
    [{ compensate: 'refund-Card' }, ['undo refund-Card']],
    [{ rest: 'holdout (10 %)' }, []],
    [{ batchSize: 500 }, ['500 records a batch']],
    [{ somethingNew: true }, ['something new true']],
    [null, []],
  ])('%j: %j', (options, words) => expect(optionWords({ options })).toEqual(words)); // prettier-ignore

  it('name every kind, known or not', () => {
    expect(['step', 'if', 'for-each', 'brand-new'].map(kindWord)).toEqual(['Step', 'Choice', 'For each', 'Brand new']);
  });
});
