import { readRunFilter, toRunFilter, writeStatuses } from './run-filter.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('the filter of the runs in the address', () => {
  it('survives the way into the address and back', () => {
    const filter = {
      ...{ status: writeStatuses(['waiting', 'failed']), workflow: 'strike-review', by: 'api', q: 'web-17' },
      ...{ from: '2026-11-01T00:00:00.000Z', until: '2026-11-02T00:00:00.000Z' },
    };
    const back = readRunFilter(Object.fromEntries(new URLSearchParams(filter)));
    expect(back).toEqual(filter);
    expect(toRunFilter(back, NOW)).toEqual({
      ...{ status: ['waiting', 'failed'], workflow: 'strike-review', startedBy: ['api'], search: 'web-17' },
      ...{ createdFrom: '2026-11-01T00:00:00.000Z', createdBefore: '2026-11-02T00:00:00.000Z' },
    });
  });

  it('counts a span back from now, and lets it stand alone', () => {
    const filter = readRunFilter({ since: '24h', from: '2026-11-01T00:00:00Z' });
    expect(filter).toEqual({ since: '24h' });
    expect(toRunFilter(filter, NOW)).toEqual({ createdFrom: '2026-11-20T12:00:00.000Z' });
  });

  it('asks for what a run waits for instead of its status', () => {
    expect(readRunFilter({ status: 'failed', waits: 'incident' })).toEqual({ waits: 'incident' });
    expect(toRunFilter({ waits: 'incident' }, NOW)).toEqual({ waitReason: 'incident' });
  });

  it('drops what makes no sense instead of asking the server for it', () => {
    expect(readRunFilter({ status: 'waiting,gone,,', workflow: ['a'], by: 'magic', since: '9y', from: 'soon', waits: '<b>' })).toEqual({
      status: 'waiting',
    });
  });

  it('takes a key of digits for the text that it is', () => {
    expect(readRunFilter({ q: 201004 })).toEqual({ q: '201004' });
  });

  it('asks for everything when nothing is chosen', () => {
    expect(toRunFilter(readRunFilter({ status: '' }), NOW)).toEqual({});
  });
});
