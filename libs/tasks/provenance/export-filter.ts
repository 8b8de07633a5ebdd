import { refusedField } from '@stepwell/contracts';
import type { ExportFilter } from './export-chain.js';

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** As it is asked for in words. */
export type ExportWords = Readonly<Partial<Record<'from' | 'until' | 'workflow', string | undefined>>>;

/** @throws StepwellError INPUT_INVALID for a time that is none, or without its zone */
export function exportFilterOf({ from, until, workflow }: ExportWords): ExportFilter {
  return { from: instantOf('from', from), until: instantOf('until', until), workflow };
}

function instantOf(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const instant = new Date(INSTANT.test(text) ? text : Number.NaN);
  if (Number.isNaN(instant.getTime()))
    throw refusedField(name, `"${name}" is "${text}", but it is a day of UTC, 2026-11-01, or a time with its zone.`);
  return instant;
}
