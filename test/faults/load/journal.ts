/**
 * The load's own journal: an append-only file with a line of JSON for everything that was asked, and for every answer. The auditor holds
 * the database against it, so nothing here comes from the database.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

export const KINDS = ['start', 'emit', 'decide', 'review', 'signal', 'settle', 'inject', 'cancel', 'retry'] as const;
export type Kind = (typeof KINDS)[number];

/** What was asked. `about` says what the auditor needs to find it: see `apps/auditor/journal.ts`. */
export interface Asked {
  readonly kind: Kind;
  readonly about: Readonly<Record<string, unknown>>;
}

export class Journal {
  readonly asked: Record<Kind, number> = noneOfEach();
  readonly acknowledged: Record<Kind, number> = noneOfEach();
  /** Of what was acknowledged: the answer was that it could not be done any more. */
  readonly refused: Record<Kind, number> = noneOfEach();
  private file: number | undefined;
  private last = 0;

  constructor(readonly path: string) {
    this.file = openSync(path, 'a');
  }

  get total(): { readonly asked: number; readonly acknowledged: number } {
    return { asked: sum(this.asked), acknowledged: sum(this.acknowledged) };
  }

  /** The number of the next operation, which its input carries. */
  next(): number {
    return ++this.last;
  }

  ask(op: number, { kind, about }: Asked): void {
    this.asked[kind]++;
    this.write({ op, kind, at: new Date().toISOString(), about });
  }

  acknowledge(op: number, kind: Kind, tries: number, result: Readonly<Record<string, unknown>>): void {
    this.acknowledged[kind]++;
    if (result['won'] === false) this.refused[kind]++;
    this.write({ op, at: new Date().toISOString(), tries, result });
  }

  /** A fault that was asked for, and how often it has happened. */
  fault(name: string, fired: number): void {
    this.write({ fault: name, fired });
  }

  /** What is asked or answered from then on is not in it. */
  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  /** Not by the number of a file that is closed: it is that of whatever was opened next, such as the auditor's connection. */
  private write(line: object): void {
    if (this.file !== undefined) writeSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

function sum(counts: Readonly<Record<Kind, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function noneOfEach(): Record<Kind, number> {
  return Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
}
