/** Streams of bytes, cut and looked at without ever holding the whole. */
import { createHash } from 'node:crypto';

/** Cuts a stream into pieces of `bytes`; the last one may be shorter. */
export async function* inPieces(content: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer, void, undefined> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (let part of content) {
    while (held + part.length >= bytes) {
      const rest = bytes - held;
      yield Buffer.concat([...parts, part.subarray(0, rest)]);
      part = part.subarray(rest);
      parts = [];
      held = 0;
    }
    if (part.length > 0) parts.push(part);
    held += part.length;
  }
  if (held > 0) yield Buffer.concat(parts);
}

export interface Head {
  /** The first bytes, at least as many as were asked for if there are so many. */
  readonly head: Buffer;
  /** All of the content, those bytes included. */
  readonly whole: AsyncIterable<Buffer>;
}

/** Reads the beginning of a stream, and gives it back. */
export async function withHead(content: AsyncIterable<Buffer>, bytes: number): Promise<Head> {
  const iterator = content[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  let held = 0;
  while (held < bytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    parts.push(next.value);
    held += next.value.length;
  }
  const head = Buffer.concat(parts);
  async function* whole(): AsyncGenerator<Buffer, void, undefined> {
    if (head.length > 0) yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head, whole: whole() };
}

/** Counts and hashes what goes through it. */
export class Measure {
  size = 0;
  private readonly hash = createHash('sha256');

  /** @param refuse is asked for the error to throw when there are more than `max` bytes */
  constructor(
    private readonly max: number,
    private readonly refuse: () => Error,
  ) {}

  async *of(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    for await (const part of content) {
      this.size += part.length;
      if (this.size > this.max) throw this.refuse();
      this.hash.update(part);
      yield part;
    }
  }

  get sha256(): string {
    return this.hash.digest('hex');
  }
}
