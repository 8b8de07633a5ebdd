import type { DocumentKey } from '@stepwell/storage';

/**
 * Where the content of documents is. The rows that name them are in PostgreSQL whatever the store, and say what is whole and what may be
 * read; a store only keeps bytes under a key that is written once.
 */
export abstract class DocumentStore {
  /**
   * Keeps what `content` gives, piece by piece, and never more than a few pieces in memory.
   *
   * @throws what `content` throws, or the store; what was written until then is to be removed by the caller
   */
  abstract write(key: DocumentKey, content: AsyncIterable<Buffer>): Promise<void>;
  /**
   * The content, in pieces of any length; the next one is fetched when it is asked for.
   *
   * @throws Error when there is nothing under this key, or the store does not answer
   */
  abstract read(key: DocumentKey): AsyncIterable<Buffer>;
  /** Also of a content that was written in part. Nothing to remove is no error. */
  abstract remove(key: DocumentKey): Promise<void>;
}
