/**
 * Documents: uploads that wait for a start, and what steps store. The row comes first and is seen by nobody; it gets its size when the
 * content is whole. So whatever ends in between leaves a row without a size, which the sweep takes away with its content.
 */
import { Readable } from 'node:stream';
import { StepwellError } from '@stepwell/contracts';
import { type DocumentMetadata, type DocumentReference, Documents, type StoredDocument, type TenantDocuments } from '@stepwell/sdk';
import {
  beginDocument,
  type DocumentKey,
  type DocumentRow,
  finishDocument,
  forgetDocument,
  hideDocument,
  readDocuments,
  type Sql,
  uuidV7,
} from '@stepwell/storage';
import type { DocumentStore } from './document-store.port.js';
import { checkedFileName, fileNameOf } from './file-names.js';
import { HEAD_BYTES, isAllowed, mediaTypeOf, plain } from './media-types.js';
import { Measure, withHead } from './pieces.js';

export interface UploadRequest {
  readonly tenant: string;
  /** As the sender wrote it; its folders are cut off. */
  readonly fileName: string;
  /** As the sender said; the content's own mark counts more. */
  readonly mediaType: string | undefined;
  readonly maxBytes: number;
  readonly types: readonly string[];
  readonly content: AsyncIterable<Buffer>;
}

interface Checks {
  /** @throws StepwellError FILE_TYPE_REFUSED */
  readonly mediaTypeOf: (head: Buffer) => Promise<string>;
  readonly maxBytes: number;
  readonly isHeld: boolean;
}

export class DocumentService extends Documents {
  constructor(
    private readonly sql: Sql,
    private readonly store: DocumentStore,
  ) {
    super();
  }

  of({ tenant }: { readonly tenant: string }): TenantDocuments {
    return {
      put: (fileName, mediaType, content) => this.put(tenant, fileName, mediaType, content),
      get: async (id) => this.stored({ tenant, id }, await this.rowOf({ tenant, id })),
      metadata: async (id) => metadataOf(await this.rowOf({ tenant, id })),
      delete: (id) => this.remove({ tenant, id }),
    };
  }

  /**
   * Stores what somebody sends. Until a start takes it, it is swept after a day.
   *
   * @throws StepwellError FILE_TOO_LARGE, FILE_TYPE_REFUSED, INPUT_INVALID; then nothing is left of it
   */
  upload({ tenant, fileName: sent, mediaType, maxBytes, types, content }: UploadRequest): Promise<DocumentMetadata> {
    const fileName = fileNameOf(sent);
    const check = async (head: Buffer): Promise<string> => {
      const seen = await mediaTypeOf(head, mediaType, fileName);
      if (seen !== undefined && isAllowed(seen, types)) return seen;
      const found = seen ?? `not what it is said to be (${plain(mediaType) ?? 'nothing'})`;
      throw new StepwellError('FILE_TYPE_REFUSED', { fileName, found, types: someOf(types) });
    };
    return this.write({ tenant, id: uuidV7() }, fileName, content, { mediaTypeOf: check, maxBytes, isHeld: false });
  }

  /** Those that are there, by id. */
  async find(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, DocumentMetadata>> {
    if (ids.length === 0) return new Map();
    const rows = await readDocuments(this.sql, tenant, ids);
    return new Map([...rows].map(([id, row]) => [id, metadataOf(row)]));
  }

  async remove(key: DocumentKey): Promise<void> {
    if (!isUuid(key.id) || !(await hideDocument(this.sql, key))) return;
    await this.removeHidden(key);
  }

  /** Content first: as long as it may be there, there is a row by which the sweep finds it. */
  async removeHidden(key: DocumentKey): Promise<void> {
    await this.store.remove(key);
    await forgetDocument(this.sql, key);
  }

  private async put(tenant: string, name: string, mediaType: string, content: string | Uint8Array | Readable): Promise<DocumentReference> {
    const fileName = checkedFileName(name);
    const type = plain(mediaType);
    if (type === undefined)
      throw new StepwellError('INPUT_INVALID', { reason: `"${mediaType}" is no media type such as application/pdf.` });
    const checks = { mediaTypeOf: () => Promise.resolve(type), maxBytes: Number.POSITIVE_INFINITY, isHeld: true };
    const { id } = await this.write({ tenant, id: uuidV7() }, fileName, bytesOf(content), checks);
    return { id, fileName };
  }

  private async write(
    key: DocumentKey,
    fileName: string,
    content: AsyncIterable<Buffer>,
    { mediaTypeOf: check, maxBytes, isHeld }: Checks,
  ): Promise<DocumentMetadata> {
    const { head, whole } = await withHead(content, HEAD_BYTES);
    const mediaType = await check(head);
    const measure = new Measure(maxBytes, () => new StepwellError('FILE_TOO_LARGE', { fileName, limit: maxBytes }));
    await beginDocument(this.sql, key, fileName, mediaType);
    try {
      await this.store.write(key, measure.of(whole));
      const { size, sha256 } = measure;
      const createdAt = await finishDocument(this.sql, { ...key, mediaType, size, sha256, isHeld });
      if (!createdAt) throw new StepwellError('DOCUMENT_NOT_FOUND', { id: key.id });
      return { id: key.id, fileName, mediaType, size, sha256, createdAt: createdAt.toISOString() };
    } catch (error) {
      // What cannot be removed now is swept.
      await this.removeHidden(key).catch(() => undefined);
      throw error;
    }
  }

  private async rowOf({ tenant, id }: DocumentKey): Promise<DocumentRow> {
    const row = isUuid(id) ? (await readDocuments(this.sql, tenant, [id])).get(id) : undefined;
    if (row) return row;
    throw new StepwellError('DOCUMENT_NOT_FOUND', { id });
  }

  private stored(key: DocumentKey, row: DocumentRow): StoredDocument {
    return { ...metadataOf(row), content: Readable.from(this.store.read(key), { objectMode: false }) };
  }
}

function metadataOf(row: DocumentRow): DocumentMetadata {
  const { id, file_name: fileName, media_type: mediaType, size, sha256, created_at: createdAt } = row;
  return { id, fileName, mediaType, size, sha256, createdAt: createdAt.toISOString() };
}

async function* bytesOf(content: string | Uint8Array | Readable): AsyncGenerator<Buffer, void, undefined> {
  if (typeof content === 'string' || content instanceof Uint8Array) return yield Buffer.from(content);
  for await (const part of content as AsyncIterable<string | Uint8Array>) yield Buffer.from(part);
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}

/** More than these nobody reads in a sentence. */
const NAMED_TYPES = 6;

function someOf(types: readonly string[]): string {
  const more = types.length - NAMED_TYPES;
  return more <= 1 ? types.join(', ') : `${types.slice(0, NAMED_TYPES).join(', ')} and ${more} more (STEPWELL_UPLOAD_TYPES)`;
}
