import { formatInstantShortly } from './format-instant.js';
import { withLocalTimes } from './local-times.js';

it('a sentence of the server has its times as the page shows them, and is else as it was', () => {
  const shown = formatInstantShortly('2026-11-28T17:05:09.123Z');
  expect(withLocalTimes('Claimed by Ann until 2026-11-28T17:05:09.123Z; see 2026-11-28.')).toBe(
    `Claimed by Ann until ${shown}; see 2026-11-28.`,
  );
  expect(shown).not.toContain('T17');
});
