import { historyWords } from './history-words.js';

const words = (kind: string, name: string | null, details: Parameters<typeof historyWords>[0]['details'] = null) =>
  historyWords({ kind, actor: name === null ? null : { name }, details });

describe('the words of a history', () => {
  it('say who did what, and from whom or to whom', () => {
    expect(words('claimed', 'Ann', { after: 'x' }).sentence).toBe('Claimed by Ann');
    expect(words('claimed', 'Ann', { takenFrom: { id: '1', name: 'Bob' } }).sentence).toBe(
      'Claimed by Ann, when the claim of Bob had lapsed',
    );
    expect(words('reassigned', 'Ann', { to: 'eve', for: 'bob', from: 'ann' }).sentence).toBe(
      'Reassigned by Ann to eve, who stands in for bob',
    );
    expect(words('opened', null, { to: 'ada', isNobodyThere: true }).sentence).toBe('Opened for ada, who is away, as is whoever stands in');
    expect(words('opened', null, { for: 'ada', isNobodyThere: true }).sentence).toBe(
      'Opened to those who may claim it: ada is away, as is whoever stands in',
    );
    expect(words('reassigned', null, { toGroups: ['leads', 'chiefs'] }).sentence).toBe('Reassigned to leads, chiefs');
    expect(words('released', 'Olga', { takenFrom: { id: '1', name: 'Bob' }, reason: 'ill' }).sentence).toBe('Given back by Olga, from Bob');
    expect(words('prioritized', 'Olga', { from: 0, to: 7 }).sentence).toBe('Priority 7 instead of 0, by Olga');
    expect(words('reviewed', 'Ann').sentence).toBe('Answered by Ann');
    expect(words('reviewed', 'Bob', { isDisputed: true, isNobodyLeft: true })).toMatchObject({
      sentence: 'Answered by Bob; the answers differ; nobody is left who may decide it',
      rest: {},
    });
    expect(words('canceled', null).sentence).toBe('Closed with its run');
    expect(words('canceled', null, { withdraws: '1' })).toMatchObject({
      sentence: 'Closed with its run, and the decision withdrawn',
      rest: {},
    });
    expect(words('lapsed', 'Ann').sentence).toBe('The claim of Ann has lapsed');
  });

  it('say what each step of an escalation has done, and why, as nobody said it', () => {
    const escalation = (kind: string, details: object, name: string | null = null) => {
      const { sentence, said, told, rest } = words(kind, name, { step: 2, ...details });
      expect([said, rest]).toEqual([undefined, {}]);
      return told === undefined ? sentence : [sentence, told];
    };
    expect(escalation('reassigned', { to: 'bob', toGroups: ['leads'], isNobodyLeft: true })).toBe(
      'Escalation, step 2: given to bob, leads; nobody is left who may decide it',
    );
    expect(escalation('reassigned', { to: 'eve', for: 'bob' })).toBe('Escalation, step 2: given to eve, who stands in for bob');
    expect(escalation('escalated', { names: ['senior', 'ops'] })).toBe('Escalation, step 2: told senior, ops');
    const stays = 'Escalation, step 2: the task stays whose it is';
    expect(escalation('escalated', { names: [], reason: 'The step names nobody.' })).toEqual([stays, 'The step names nobody.']);
    expect(escalation('escalated', { names: [], reason: '"ask-around" has run.' })).toEqual([stays, '"ask-around" has run.']);
    expect(escalation('completed', {}, 'Escalation')).toBe('Escalation, step 2: answered by default, for nobody decided in time');
    expect(escalation('expired', { reason: 'Too late.' })).toEqual([
      'Escalation, step 2: nobody decided in time, and the screen has failed',
      'Too late.',
    ]);
  });

  it('say what was commented on, and what a comment said before', () => {
    const details = { comment: '1', field: 'parts.0.cost', before: 'Why?', text: 'Why so much?', mentions: ['eve'] };
    expect(words('comment-edited', 'Ann', details)).toEqual({
      ...{ sentence: 'Comment changed by Ann on Parts 1 › Cost', was: 'Why?', said: 'Why so much?', rest: {} },
    });
  });

  it('keep what a person said, and drop nothing that they have no words for', () => {
    expect(words('skipped', 'Ann', { reason: 'lunch', colour: 'red' })).toEqual({
      sentence: 'Skipped by Ann',
      said: 'lunch',
      rest: { colour: 'red' },
    });
    expect(words('priority-changed', 'Ann', { to: 'high' }).sentence).toBe('Priority changed by Ann to high');
  });
});
