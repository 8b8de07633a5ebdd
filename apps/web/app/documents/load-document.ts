// Fetches a document with the session of who looks at it. The server gives it out for saving only; what is shown is made of its bytes here.
import { formatBytes } from '../form/documents/format-bytes.js';
import { type DocumentKind, documentKind, isShown } from './document-kind.js';

export type DocumentContent =
  | { readonly kind: DocumentKind; readonly content: Blob }
  /** A sentence for the reader. */
  | { readonly kind: 'none'; readonly reason: string; readonly remedy?: 'retry' | 'download' };

/** Never rejects, but when it was aborted. */
export async function loadDocument(id: string, signal: AbortSignal): Promise<DocumentContent> {
  try {
    const response = await fetch(`/documents/${id}`, { credentials: 'same-origin', signal });
    if (!response.ok) return response.status === 404 ? GONE : none(await reasonOf(response), 'retry');
    const mediaType = response.headers.get('content-type') ?? '';
    const size = Number(response.headers.get('content-length') ?? 0);
    const kind = documentKind(mediaType);
    if (kind && isShown(kind, size)) return { kind, content: await response.blob() };
    await response.body?.cancel();
    if (kind) return none(`It has ${formatBytes(size)}, too much to be shown here.`, 'download');
    return none(`Files of this kind (${mediaType.split(';')[0]}) are not shown here.`, 'download');
  } catch (error) {
    if (signal.aborted) throw error;
    return none('The server cannot be reached, or broke off in the middle.', 'retry');
  }
}

const GONE: DocumentContent = {
  kind: 'none',
  reason: 'It is no longer there: it was removed, or the time for which documents are kept is over.',
};

function none(reason: string, remedy: 'retry' | 'download'): DocumentContent {
  return { kind: 'none', reason, remedy };
}

async function reasonOf(response: Response): Promise<string> {
  const answer = (await response.json().catch(() => ({}))) as { message?: unknown };
  return typeof answer.message === 'string' ? answer.message : `The server answered with status ${response.status}.`;
}
