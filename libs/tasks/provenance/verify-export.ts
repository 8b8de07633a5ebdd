/**
 * Checks a file that `export-chain.ts` made, without a database. Beyond what is checked of every chain: that each line is one, that it
 * was not cut, that only a filter leaves records out, and that the form of each record is there. Who has made the file may have left
 * seals off its end, with a fitting last line: that shows only an anchor.
 */
import type { Json } from '@stepwell/contracts';
import { type Anchor, ChainCheck, type ChainLink, type ChainVerdict } from './chain-check.js';
import { EXPORT_FORMAT, type ExportLine } from './export-chain.js';
import type { SealKey } from './seal.js';

export interface ExportVerdict extends ChainVerdict {
  readonly tenant: string;
  /** The filter left the record out. */
  readonly filtered: number;
  /** The seal that it ends before, since answers of its task were hidden yet; null: it has all that were there. */
  readonly before: number | null;
}

type Start = Extract<ExportLine, { kind: 'export' }>;

/**
 * @param lines without their ends, in their order
 * @throws Error when the first line is not that of an export
 */
export async function verifyExport(lines: AsyncIterable<string>, keys: readonly SealKey[], anchor?: Anchor): Promise<ExportVerdict> {
  let reading: Reading | undefined;
  for await (const text of lines) {
    if (reading) reading.add(text);
    else reading = new Reading(startOf(text), keys, anchor);
    if (reading.isFull) break;
  }
  if (!reading) throw new Error('The file is empty: it is no export of decisions.');
  return reading.verdict();
}

class Reading {
  private readonly check: ChainCheck;
  private readonly forms = new Set<string>();
  private line = 1;
  private seals = 0;
  private records = 0;
  private filtered = 0;
  private before: number | null = null;
  private hasEnded = false;

  constructor(
    private readonly start: Start,
    keys: readonly SealKey[],
    anchor: Anchor | undefined,
  ) {
    this.check = new ChainCheck(start.tenant, keys, anchor);
  }

  get isFull(): boolean {
    return this.check.isFull;
  }

  add(text: string): void {
    this.line++;
    if (this.hasEnded) return this.check.report(`Line ${this.line} stands behind the last one: it was put in.`);
    const line = lineOf(text);
    if (line?.kind === 'form') this.addForm(line.hash, line.form);
    else if (line?.kind === 'seal') this.addSeal(line);
    else if (line?.kind === 'end') this.end(line);
    else this.check.report(`Line ${this.line} is none of an export: it was changed, or cut.`);
  }

  verdict(): ExportVerdict {
    if (!this.hasEnded && !this.isFull) this.check.report(`The file was cut: it ends after line ${this.line}, without its last line.`);
    return { ...this.check.verdict(), tenant: this.start.tenant, filtered: this.filtered, before: this.before };
  }

  private addForm(hash: string, form: Json): void {
    this.check.addForm(hash, form);
    this.forms.add(hash);
  }

  private addSeal({ previous, without, ...seal }: ChainLink & { readonly previous: string | null }): void {
    const { seq, record } = seal;
    if (previous !== (this.check.head.hash || null)) this.check.report(`Seal ${seq} names another one before it than the file has.`);
    if (without && record !== null) this.check.report(`Seal ${seq} says that its record is left out, and has one.`);
    this.check.addSeal(record === null && without ? { ...seal, without } : seal);
    this.seals++;
    if (record !== null) this.records++;
    if (without === 'filtered') this.leftOut(seq);
    const form = (record as { form?: string } | null)?.form;
    if (form !== undefined && !this.forms.has(form))
      this.check.report(`The form ${form}, which the record of seal ${seq} names, is missing.`);
  }

  private leftOut(seq: number): void {
    const { from, until, workflow } = this.start;
    this.filtered++;
    if (from === null && until === null && workflow === null) this.check.report(`The record of seal ${seq} was left out, by no filter.`);
  }

  private end({ seals, records, forms, before }: Extract<ExportLine, { kind: 'end' }>): void {
    this.hasEnded = true;
    this.before = before ?? null;
    if (seals !== this.seals || records !== this.records || forms !== this.forms.size)
      this.check.report(
        `The last line counts ${seals} seals, ${records} records and ${forms} forms, but the file has ${this.seals}, ${this.records} and ${this.forms.size}.`,
      );
  }
}

function startOf(text: string): Start {
  const line = lineOf(text);
  if (line?.kind !== 'export') throw new Error('The first line is not that of an export of decisions.');
  if (line.format !== EXPORT_FORMAT) throw new Error(`The file has the form ${line.format}, but this version reads ${EXPORT_FORMAT}.`);
  return line;
}

const HASH = /^[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isHash = (value: unknown): boolean => typeof value === 'string' && HASH.test(value);
const orNull = (is: (value: unknown) => boolean) => (value: unknown) => value === null || is(value);

/** Of each kind, what a line must have. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, (value: unknown) => boolean>>>> = {
  export: { format: isCount, tenant: isText, from: orNull(isText), until: orNull(isText), workflow: orNull(isText) },
  form: { hash: isHash, form: (value) => value !== undefined },
  seal: {
    ...{ seq: isCount, previous: orNull(isHash), id: isText, task: isText, content: isHash, hash: isHash, keyId: orNull(isText) },
    sealedAt: (value) => typeof value === 'string' && INSTANT.test(value),
    record: (value) => typeof value === 'object',
    without: (value) => value === undefined || value === 'dropped' || value === 'filtered',
  },
  end: { seals: isCount, records: isCount, forms: isCount, before: (value) => value === undefined || isCount(value) },
};

/** @returns `undefined` when it is none */
function lineOf(text: string): ExportLine | undefined {
  try {
    const line = JSON.parse(text) as Record<string, unknown> | null;
    const shape = Object.entries(SHAPES).find(([kind]) => kind === line?.['kind'])?.[1];
    const fits = shape && Object.entries(shape).every(([name, is]) => is(line?.[name]));
    return fits ? (line as unknown as ExportLine) : undefined;
  } catch {
    return undefined;
  }
}
