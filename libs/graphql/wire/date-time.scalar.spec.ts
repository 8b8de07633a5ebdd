import { Kind } from 'graphql';
import { DateTime } from './date-time.scalar.js';

describe('an instant of a request', () => {
  it.each(['1', '2026-03-01T12:00', '+012026-01-01T00:00:00Z'])('needs its zone, and a year of four digits: %s', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('Write one as 2026-03-01T12:00:00Z.');
    expect(() => DateTime.parseLiteral({ kind: Kind.STRING, value })).toThrow('Write one as 2026-03-01T12:00:00Z.');
  });
});
