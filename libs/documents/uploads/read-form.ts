/**
 * Reads multipart/form-data: files stream into the documents as they come, everything else is text. All or nothing: when something is
 * refused, or the sender goes away, the files that were stored are removed again. (A process that dies meanwhile leaves them to the sweep.)
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { StepwellError } from '@stepwell/contracts';
import type { DocumentMetadata } from '@stepwell/sdk';
import busboy from 'busboy';
import type { DocumentLimits } from '../document-options.js';
import type { DocumentService } from '../document.service.js';

export interface FormField {
  readonly name: string;
  readonly text: string;
}

export interface FormFile {
  readonly name: string;
  readonly document: DocumentMetadata;
}

export interface Form {
  /** In the order in which they were sent. */
  readonly fields: readonly FormField[];
  readonly files: readonly FormFile[];
}

/** What a field of this name takes; a field may ask for less than the installation does. */
export type LimitsOf = (name: string) => { readonly types?: readonly string[] | undefined; readonly maxBytes?: number | undefined };

export interface FormRequest {
  readonly request: IncomingMessage;
  readonly tenant: string;
  readonly limits: DocumentLimits;
  /** @throws StepwellError for a file where none is taken */
  readonly limitsOf: LimitsOf;
}

/** Of one text; what is larger is a file. */
const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_FIELDS = 1000;
const MAX_NAME_BYTES = 200;

/**
 * @param documents keeps the files, for now: what no start takes is swept
 * @throws StepwellError INPUT_INVALID, UPLOAD_TOO_LARGE, TOO_MANY_FILES, FILE_TOO_LARGE, FILE_TYPE_REFUSED
 */
export async function readForm(documents: DocumentService, form: FormRequest): Promise<Form> {
  const { request, tenant, limits } = form;
  // Said beforehand, it is refused before it is read.
  if (Number(request.headers['content-length'] ?? 0) > limits.maxTotalBytes) throw tooLarge(limits);
  const fields: FormField[] = [];
  const saving: Promise<FormFile | undefined>[] = [];
  const read = new Promise<void>((resolve, reject) => {
    const parser = parserOf(request, limits);
    let bytes = 0;
    let isRefused = false;
    const refuse = (error: Error): void => {
      isRefused = true;
      request.unpipe(parser);
      parser.destroy();
      // What is still under way is read and dropped, so that the sender hears why; nobody is heard out beyond the limit.
      request.resume();
      reject(error);
    };
    parser.on('field', (name: string | undefined, text, { nameTruncated, valueTruncated }) => {
      if (name === undefined) refuse(nameless());
      else if (nameTruncated) refuse(invalid(`a name has more than ${MAX_NAME_BYTES} bytes`));
      else if (valueTruncated) refuse(invalid(`"${name}" has more than ${MAX_TEXT_BYTES} bytes; send it as a file`));
      else fields.push({ name, text });
    });
    parser.on('file', (name, file, info) => {
      // Destroyed, the parser still goes through what it was given; a file that begins there would never end.
      if (isRefused) return void file.resume();
      const one = saved(documents, form, name, file, info);
      // Whatever becomes of it later, a stream that breaks must not end the process.
      file.on('error', () => undefined);
      one.catch((error: Error) => refuse(error));
      saving.push(one);
    });
    parser.on('filesLimit', () => refuse(new StepwellError('TOO_MANY_FILES', { limit: limits.maxFiles })));
    parser.on('fieldsLimit', () => refuse(invalid(`it has more than ${MAX_FIELDS} fields`)));
    parser.on('error', (cause) => refuse(invalid(cause instanceof Error ? cause.message : 'it is broken')));
    parser.on('close', () => resolve());
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limits.maxTotalBytes) return;
      refuse(tooLarge(limits));
      request.pause();
    });
    request.on('close', () => {
      if (!request.complete) refuse(invalid('it ended too early'));
    });
    request.pipe(parser);
  });
  try {
    await read;
    return { fields, files: (await Promise.all(saving)).filter((file) => file !== undefined) };
  } catch (error) {
    const files = (await Promise.allSettled(saving)).flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
    await discard(documents, tenant, files);
    throw error;
  }
}

/** Removes the files of a form that led to nothing. */
export async function discard(documents: DocumentService, tenant: string, files: readonly FormFile[]): Promise<void> {
  // What cannot be removed now is swept.
  await Promise.allSettled(files.map(({ document }) => documents.remove({ tenant, id: document.id })));
}

function parserOf({ headers }: IncomingMessage, limits: DocumentLimits): busboy.Busboy {
  try {
    return busboy({
      headers,
      defParamCharset: 'utf8',
      limits: {
        ...{ fieldNameSize: MAX_NAME_BYTES, fieldSize: MAX_TEXT_BYTES, fields: MAX_FIELDS },
        // One more than is taken: the service counts, and says which file it was.
        ...{ files: limits.maxFiles, fileSize: limits.maxFileBytes + 1 },
      },
    });
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause));
  }
}

async function saved(
  documents: DocumentService,
  { tenant, limits, limitsOf }: FormRequest,
  name: string | undefined,
  file: Readable,
  { filename: fileName, mimeType: mediaType }: busboy.FileInfo,
): Promise<FormFile | undefined> {
  if (name === undefined) throw nameless();
  const content = file.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  // A browser sends a file field that nobody filled as a file without a name and without content.

  if (!fileName) return nothing(content, name);
  const { types = limits.types, maxBytes = limits.maxFileBytes } = limitsOf(name);
  const most = Math.min(maxBytes, limits.maxFileBytes);
  return { name, document: await documents.upload({ tenant, fileName, mediaType, content, types, maxBytes: most }) };
}

async function nothing(content: AsyncIterable<Buffer>, name: string): Promise<undefined> {
  for await (const part of content) if (part.length > 0) throw invalid(`"${name}" is a file without a name`);
  return undefined;
}

function nameless(): StepwellError {
  return invalid('one of its parts has no name');
}

function invalid(problem: string): StepwellError {
  return new StepwellError('INPUT_INVALID', { reason: `The form cannot be read: ${problem}.` });
}

function tooLarge({ maxTotalBytes }: DocumentLimits): StepwellError {
  return new StepwellError('UPLOAD_TOO_LARGE', { limit: maxTotalBytes });
}
