import { chainLine, type Escalation } from './escalation-words.js';

const AT = '2026-11-28T10:00:00Z';
const HOUR = 3_600_000;

function line(what: string, more: Partial<Escalation> = {}) {
  const blank = { number: 1, whom: null, handler: null, afterMs: 4 * HOUR, after: null, dueAt: null, at: null, as: null, error: null };
  return chainLine({ ...blank, what, status: 'waiting', namesNobody: false, ...more });
}
const error = { code: 'STEP_FAILED', message: 'no', stack: null };

describe('a step of an escalation', () => {
  it.each<[string, Partial<Escalation>, string, string]>([
    ['assign', { whom: 'bob, leads' }, 'Give it to bob, leads', 'Was to go to bob, leads'],
    ['assign', {}, 'Give it to whom the run names', 'Was to go to whom the run names'],
    ['notify', { whom: 'board' }, 'Tell board', 'Was to be told: board'],
    ['run', { handler: 'find-duty', as: 'assign', whom: 'cy' }, 'Run find-duty', 'find-duty: was to go to cy'],
    ['run', { handler: 'find-duty', as: 'answer' }, 'Run find-duty', 'find-duty: answered'],
    ['run', { handler: 'find-duty' }, 'Run find-duty', 'find-duty has run'],
    ['answer', {}, 'Answer by default', 'Answered by default'],
    ['fail', {}, 'Fail the screen', 'Nobody decided: the screen has failed'],
  ])('says what %s is to do, and what it has done: %j', (what, more, planned, done) => {
    expect(line(what, more).words).toBe(planned);
    expect(line(what, { ...more, status: 'completed', at: AT }).words).toBe(done);
  });

  it('says when it came or comes; behind the next one how long after that, and that it came no more', () => {
    expect(line('answer', { status: 'completed', at: AT })).toMatchObject({ at: AT, note: undefined });
    expect(line('answer', { dueAt: AT })).toMatchObject({ at: AT, note: undefined });
    expect(line('answer')).toMatchObject({ at: null, note: '4 h later' });
    expect(line('answer', { afterMs: null, after: '1bd' })).toMatchObject({ at: null, note: '1 business day later' });
    expect(line('answer', { status: 'skipped' })).toMatchObject({ at: null, note: 'skipped', words: 'Answer by default' });
  });

  it('says what went wrong', () => {
    expect(line('assign', { status: 'completed', namesNobody: true }).words).toBe('Named nobody: it stayed as it was');
    expect(line('run', { status: 'failed', handler: 'find-duty', error }).words).toBe('find-duty came to nothing');
    expect(line('answer', { status: 'failed', error }).words).toBe('The answer by default could not be given');
  });
});
