/**
 * The outside service's memory: the letters it was handed, by idempotency key.
 *
 * A key is one letter, however often it is handed in: a repeat tells only where to call back from now on. A letter that was answered
 * is answered again at once; one under way stays under way; one that was lost is sent anew. Lives in memory and survives nothing: that
 * is what the waiting step's time-out is for.
 */
import { type LetterFate, letterFate } from './letter-fate.js';
import type { OperatorReply } from './operator-reply.js';

export interface LetterRequest {
  readonly reportId: string;
  readonly idempotencyKey: string;
  readonly callbackUrl: string;
}

/** What is posted to the callback URL. */
export type LetterOutcome = { readonly result: OperatorReply } | { readonly error: string };

interface Letter {
  readonly fate: LetterFate;
  callbackUrl: string;
  requests: number;
  deliveries: number;
  isUnderWay: boolean;
  reply: OperatorReply | undefined;
}

/** The oldest letters are forgotten beyond it: an example must not grow for ever. */
const MAX_LETTERS = 10_000;

export class LetterOffice {
  private readonly letters = new Map<string, Letter>();

  /**
   * Takes a letter.
   *
   * @returns how to go on: `refused` (ask again later), `under-way` (nothing to do), or the time after which to call `deliver`
   */
  accept({ reportId, idempotencyKey, callbackUrl }: LetterRequest): { refused: true } | { refused: false; deliverInMs: number | null } {
    const letter = this.letters.get(idempotencyKey) ?? this.open(idempotencyKey, letterFate(reportId));
    letter.callbackUrl = callbackUrl;
    letter.requests += 1;
    if (letter.requests <= letter.fate.refusals) return { refused: true };
    if (letter.isUnderWay) return { refused: false, deliverInMs: null };
    letter.isUnderWay = true;
    return { refused: false, deliverInMs: letter.reply ? 0 : letter.fate.delayMs };
  }

  /** The letter has arrived, or is lost. @returns what to post where; `undefined` when the letter is forgotten */
  deliver(idempotencyKey: string): { callbackUrl: string; outcome: LetterOutcome } | undefined {
    const letter = this.letters.get(idempotencyKey);
    if (!letter) return undefined;
    letter.isUnderWay = false;
    if (!letter.reply) {
      letter.deliveries += 1;
      if (letter.deliveries <= letter.fate.losses) {
        return {
          callbackUrl: letter.callbackUrl,
          outcome: { error: `Delivery ${letter.deliveries}: the letter came back as undeliverable.` },
        };
      }
      letter.reply = { position: letter.fate.position, statement: STATEMENTS[letter.fate.position] };
    }
    return { callbackUrl: letter.callbackUrl, outcome: { result: letter.reply } };
  }

  private open(idempotencyKey: string, fate: LetterFate): Letter {
    const oldest = this.letters.keys().next();
    if (this.letters.size >= MAX_LETTERS && !oldest.done) this.letters.delete(oldest.value);
    const letter: Letter = { fate, callbackUrl: '', requests: 0, deliveries: 0, isUnderWay: false, reply: undefined };
    this.letters.set(idempotencyKey, letter);
    return letter;
  }
}

const STATEMENTS: Record<OperatorReply['position'], string> = {
  agreed: 'We have no objection to the finding.',
  disputed: 'Our maintenance found no damage beyond a simple repair. We ask for another look.',
};
