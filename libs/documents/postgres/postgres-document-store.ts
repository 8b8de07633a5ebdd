import { type DocumentKey, dropChunks, putChunk, readChunk, type Sql } from '@stepwell/storage';
import { DocumentStore } from '../document-store.port.js';
import { inPieces } from '../pieces.js';

/** One row each: large enough that a statement is worth it, small enough that a hundred uploads at a time are no burden. */
const CHUNK_BYTES = 256 * 1024;

/** Documents in rows of their own. No connection is held between two pieces. */
export class PostgresDocumentStore extends DocumentStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  async write(key: DocumentKey, content: AsyncIterable<Buffer>): Promise<void> {
    let seq = 0;
    for await (const piece of inPieces(content, CHUNK_BYTES)) await putChunk(this.sql, key, seq++, piece);
    // So that an empty document is told from none.
    if (seq === 0) await putChunk(this.sql, key, 0, Buffer.alloc(0));
  }

  async *read(key: DocumentKey): AsyncGenerator<Buffer, void, undefined> {
    for (let seq = 0; ; seq++) {
      const piece = await readChunk(this.sql, key, seq);
      if (piece === undefined && seq === 0) throw new Error(`The content of document ${key.id} is not there.`);
      if (piece === undefined) return;
      yield piece;
    }
  }

  remove(key: DocumentKey): Promise<void> {
    return dropChunks(this.sql, key);
  }
}
