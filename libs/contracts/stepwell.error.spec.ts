import { isRefusal, StepwellError } from './stepwell.error.js';

describe('an error of the registry', () => {
  it('fills its message from the details, and leaves nothing for what is missing', () => {
    const error = new StepwellError('TASK_CLOSED', { status: 'completed' });
    expect(error.message).toBe('This task is already completed.');
    expect(new StepwellError('TASK_CLOSED', { status: 'completed', by: ' by Ada' }).message).toBe('This task is already completed by Ada.');
  });

  it('keeps doubled braces as single ones', () => {
    expect(new StepwellError('STEP_DUPLICATE', { workflow: 'order', id: 'a' }).message).toContain('.then(Handler, { id: "..." })');
  });

  it('does not read placeholders out of details', () => {
    expect(new StepwellError('INPUT_INVALID', { reason: '{id} {{x}}', id: 'never' }).message).toBe('{id} {{x}}');
  });

  it('carries its code, its fields and its cause', () => {
    const cause = new Error('why');
    const error = new StepwellError('INPUT_INVALID', { reason: 'x' }, { cause, fields: [{ path: 'a', message: 'b' }] });
    expect([error.code, error.cause, error.fields, error.name]).toEqual([
      'INPUT_INVALID',
      cause,
      [{ path: 'a', message: 'b' }],
      'StepwellError',
    ]);
    expect('cause' in new StepwellError('FORBIDDEN')).toBe(false);
  });

  it('is told from other refusals by its code', () => {
    expect(isRefusal(new StepwellError('FORBIDDEN'), 'FORBIDDEN')).toBe(true);
    expect(isRefusal(new StepwellError('FORBIDDEN'), 'RUN_NOT_FOUND')).toBe(false);
    expect(isRefusal(new Error('FORBIDDEN'), 'FORBIDDEN')).toBe(false);
  });
});
