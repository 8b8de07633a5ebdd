import type { Change } from '@stepwell/engine';
import { changeMessages, helloMessage, readChanges, readWake, wakeMessages } from './hint-messages.js';

const run = (id: string, tenant = 'acme'): Change => ({ tenant, kind: 'run', id });

describe('messages between processes', () => {
  it('say which queues have work, to everybody but their sender', () => {
    const [message] = wakeMessages('here', ['default', 'mail']);
    expect(readWake('there', message?.payload ?? '')).toEqual(['default', 'mail']);
    expect(readWake('here', message?.payload ?? '')).toBeUndefined();
    expect(readWake('there', helloMessage('here').payload)).toEqual([]);
  });

  it('carry each change once, grouped by tenant and kind', () => {
    const changes: Change[] = [run('1'), run('2'), run('1'), { tenant: 'acme', kind: 'task', id: '1' }, run('1', 'other')];
    const messages = changeMessages('here', changes);
    expect(messages).toHaveLength(3);
    expect(messages.flatMap(({ payload }) => readChanges('there', payload))).toEqual([
      run('1'),
      run('2'),
      { tenant: 'acme', kind: 'task', id: '1' },
      run('1', 'other'),
    ]);
    expect(messages.flatMap(({ payload }) => readChanges('here', payload))).toEqual([]);
  });

  it('stay below the 8000 bytes of PostgreSQL and lose nothing by being split', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`);
    const messages = changeMessages(
      'here',
      ids.map((id) => run(id, 'ünïcødé "tenant"')),
    );
    expect(messages.length).toBeGreaterThan(9);
    for (const { payload } of messages) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
    expect(messages.flatMap(({ payload }) => readChanges('there', payload)).map(({ id }) => id)).toEqual(ids);
  });

  it('leave out a name that fits into no message', () => {
    const messages = wakeMessages('here', ['a', 'x'.repeat(9_000), 'b']);
    expect(messages.flatMap(({ payload }) => readWake('there', payload) ?? [])).toEqual(['a', 'b']);
  });

  it('ignore what somebody else says on the channel', () => {
    for (const payload of ['', 'hello', '{"a":1}', '[1,2]', '["there","acme","goat","1"]'])
      expect(readChanges('here', payload)).toEqual([]);
    expect(readWake('here', 'hello')).toBeUndefined();
  });
});
