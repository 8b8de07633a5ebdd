import type { Readable } from 'node:stream';

/** How a document stands in inputs, outputs and events: what it is called, and where to ask for it. The content never travels. */
export interface DocumentReference {
  /** A UUID. */
  readonly id: string;
  readonly fileName: string;
}

export interface DocumentMetadata extends DocumentReference {
  /** Such as `application/pdf`, without parameters. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface StoredDocument extends DocumentMetadata {
  /** Reads it piece by piece, so that memory stays small whatever its size; destroy what is not read to its end. */
  readonly content: Readable;
}

/** The documents of one tenant. An id of another tenant's is an id of nothing. */
export interface TenantDocuments {
  /**
   * Stores a document. Called again, by a further attempt of a step, it stores another; return the reference as the step's output.
   *
   * @param fileName a name without folders, at most 255 characters
   * @param mediaType what the content is; taken as given
   * @param content text as UTF-8, bytes, or a stream that is read to its end
   * @throws StepwellError INPUT_INVALID for a name or type that is none; and what the stream throws
   */
  put(fileName: string, mediaType: string, content: string | Uint8Array | Readable): Promise<DocumentReference>;
  /** @throws StepwellError DOCUMENT_NOT_FOUND */
  get(id: string): Promise<StoredDocument>;
  /** @throws StepwellError DOCUMENT_NOT_FOUND */
  metadata(id: string): Promise<DocumentMetadata>;
  /** Removes a document for good, wherever it is referred to. What is not there is removed already. */
  delete(id: string): Promise<void>;
}

/**
 * Documents for steps: inject it, and ask for those of the run's tenant.
 *
 *     constructor(private readonly documents: Documents) {}
 *     const { content } = await this.documents.of(ctx).get(ctx.input.report.id);
 */
export abstract class Documents {
  /** @param scope a context, or whatever else knows its tenant */
  abstract of(scope: { readonly tenant: string }): TenantDocuments;
}
