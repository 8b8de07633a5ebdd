/**
 * A checkpoint as a text that may be kept anywhere: what it says, and an HMAC-SHA256 over that under the installation's key, both in
 * base64url. It is signed, not sealed: whoever has it can read it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Json, StepwellError } from '@stepwell/contracts';

export interface PortableCheckpoint {
  readonly tenant: string;
  readonly runId: string;
  readonly seq: number;
  readonly workflow: string;
  readonly version: number;
  /** The node that has come to its output there. */
  readonly path: string;
  readonly iteration: string;
  /** Of the graph of that version, when it was exported. */
  readonly fingerprint: string;
  /** Tells two exports of one checkpoint apart: each goes on once. */
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly context: Json;
  /** Of a run that was closed to go on in another installation: which, and the journal of the run, compressed. */
  readonly carried?: { readonly to: string; readonly facts: string };
}

/** What fits into a row, a message or a job of whoever keeps it. */
export const MAX_CONTEXT_BYTES = 64 * 1024;

/** Of whatever text of a place where a run is held: it goes on from there once, whoever comes with which of them. */
export const nonceOfHold = (runId: string, seq: number): string => `${runId}.${seq}`;

const FIELDS: Readonly<Record<Exclude<keyof PortableCheckpoint, 'context' | 'carried'>, 'string' | 'number'>> = {
  ...{ tenant: 'string', runId: 'string', seq: 'number', workflow: 'string', version: 'number', path: 'string', iteration: 'string' },
  ...{ fingerprint: 'string', nonce: 'string', expiresAt: 'number' },
};
/** So that what is signed here is mistaken for nothing else that this key signs. */
const PURPOSE = 'stepwell checkpoint 1';

export class CheckpointTexts {
  /**
   * @param key of the installation
   * @param isShared other installations may have it, too: it was configured, and not made here
   */
  constructor(
    private readonly key: string,
    readonly isShared = true,
  ) {}

  write(checkpoint: PortableCheckpoint): string {
    const body = Buffer.from(JSON.stringify(checkpoint)).toString('base64url');
    return `${body}.${this.sign(body)}`;
  }

  /** @throws StepwellError CHECKPOINT_MALFORMED, CHECKPOINT_TAMPERED */
  read(text: string): PortableCheckpoint {
    const [, body = '', signature = ''] = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/.exec(text.trim()) ?? [];
    const checkpoint = parsed(body);
    if (!checkpoint) throw new StepwellError('CHECKPOINT_MALFORMED');
    if (!timingSafeEqual(Buffer.from(signature), Buffer.from(this.sign(body)))) throw new StepwellError('CHECKPOINT_TAMPERED');
    return checkpoint;
  }

  private sign(body: string): string {
    return createHmac('sha256', this.key).update(`${PURPOSE}\n${body}`).digest('base64url');
  }
}

function parsed(body: string): PortableCheckpoint | undefined {
  try {
    const value = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown> | null;
    const isWhole =
      typeof value === 'object' && value !== null && Object.entries(FIELDS).every(([field, type]) => typeof value[field] === type);
    return isWhole ? (value as unknown as PortableCheckpoint) : undefined;
  } catch {
    return undefined;
  }
}
