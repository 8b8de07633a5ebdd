/** What an aircraft operator answers to the letter. */
export interface OperatorReply {
  readonly position: 'agreed' | 'disputed';
  readonly statement: string;
}

/** Characters: long enough for any statement worth showing beside a form. */
const MAX_STATEMENT = 2_000;

/**
 * Reads what came from outside. It is somebody else's JSON: nothing of it is believed unchecked.
 *
 * @throws Error when it is no reply
 */
export function readReply(received: unknown): OperatorReply {
  const { position, statement } = (received ?? {}) as Partial<Record<keyof OperatorReply, unknown>>;
  if (position !== 'agreed' && position !== 'disputed') {
    throw new Error(`The operator service answered neither "agreed" nor "disputed" but ${JSON.stringify(position) ?? 'nothing'}.`);
  }
  return { position, statement: typeof statement === 'string' ? [...statement].slice(0, MAX_STATEMENT).join('') : '' };
}
