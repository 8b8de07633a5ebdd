import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '@stepwell/contracts';

it('docs/reference/errors.md has every code of the registry as it is, no other, and says of each when it comes and what to do', () => {
  const rows = readFileSync(join(import.meta.dirname, '../../docs/reference/errors.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | '));
  const registered = Object.entries(ERRORS).map(([code, { message, http, retryable }]) => [
    ...[`\`${code}\``, message, String(http), retryable ? 'yes' : 'no'],
  ]);
  expect(rows.map((cells) => cells.slice(0, 4))).toEqual(registered);
  expect(rows.filter((cells) => cells.length !== 6 || cells.some((cell) => cell.trim() === ''))).toEqual([]);
});
