// Sends one file ahead of the start that refers to it. XMLHttpRequest, because only it tells how far it is.
import { CSRF_HEADERS } from '../../connection/wire.js';

export type DocumentReference = { id: string; fileName: string };

/** Of these answers the same file gets no other one. */
const FINAL = [400, 413, 415];

export class UploadFailure extends Error {
  constructor(
    /** For people. */
    message: string,
    /** The file itself is refused. */
    readonly isFinal: boolean,
  ) {
    super(message);
  }
}

export interface Upload {
  /** Rejects with an UploadFailure. */
  readonly done: Promise<DocumentReference>;
  readonly abort: () => void;
}

/** @param onProgress from 0 to 1 */
export function upload(file: File, onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<DocumentReference>((resolve, reject) => {
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener('error', () => reject(new UploadFailure('The server cannot be reached.', false)));
    request.addEventListener('load', () => {
      const [document] = request.status < 300 ? (answerOf(request) as DocumentReference[]) : [];
      if (document) resolve({ id: document.id, fileName: document.fileName });
      else reject(new UploadFailure(reasonOf(request), FINAL.includes(request.status)));
    });
  });
  const form = new FormData();
  form.append('files', file);
  request.open('POST', '/documents');
  for (const [name, value] of Object.entries(CSRF_HEADERS)) request.setRequestHeader(name, value);
  request.send(form);
  return { done, abort: () => request.abort() };
}

function reasonOf(request: XMLHttpRequest): string {
  const { message } = answerOf(request) as { message?: unknown };
  return typeof message === 'string' ? message : `The server answered with status ${request.status}.`;
}

function answerOf({ responseText }: XMLHttpRequest): unknown {
  try {
    return JSON.parse(responseText) as unknown;
  } catch {
    // Not our JSON: a proxy's page, perhaps.
    return {};
  }
}
