/** The registry and the code agree both ways: no code that nobody uses, no use that is not registered. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from './error-registry.js';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = ['libs', 'apps/server', 'workflows'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(
      (file) =>
        /\.ts$/.test(file) && !/\.(spec|int-spec|e2e-spec|type-spec)\.ts$/.test(file) && !/error-registry.ts$|\.errors.ts$/.test(file),
    )
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
);
/** Codes as text, wherever they stand: thrown, compared, or listed. */
const MENTIONED = new Set(
  SOURCES.flatMap((source) => source.match(/'[A-Z][A-Z0-9]*(_[A-Z0-9]+)*'/g) ?? []).map((text) => text.slice(1, -1)),
);
/** Codes of faults, which the journal keeps as plain text, so that no type checks them. */
const FAULTS = new Set(SOURCES.flatMap((source) => [...source.matchAll(/\bcode: '([A-Z_]+)'/g)].map((match) => match[1] ?? '')));

describe('the error registry', () => {
  it('has no code that nobody uses', () => {
    expect(Object.keys(ERRORS).filter((code) => !MENTIONED.has(code))).toEqual([]);
  });

  it('has every code that a fault carries', () => {
    expect(FAULTS.size).toBeGreaterThan(0);
    expect([...FAULTS].filter((code) => !(code in ERRORS))).toEqual([]);
  });

  it.each(Object.entries(ERRORS))('%s is a sentence, with an HTTP status for an error', (_code, { message, http }) => {
    expect(message).toMatch(/^(["{A-Z]|ctx\.|client\.).*[.}]$/);
    expect(http).toBeGreaterThanOrEqual(400);
    expect(http).toBeLessThan(600);
  });
});
