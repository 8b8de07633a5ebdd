import type { S3Options } from './s3/s3-document-store.js';

const MEGABYTE = 1024 * 1024;

/** What an upload may be; the fields of an input may ask for less. */
export interface DocumentLimits {
  readonly maxFileBytes: number;
  /** Of one request. */
  readonly maxFiles: number;
  /** Of one request, the words around the files included. */
  readonly maxTotalBytes: number;
  /** Media types, such as `application/pdf` or `image/*`. */
  readonly types: readonly string[];
}

export interface DocumentOptions {
  readonly limits: DocumentLimits;
  /** Since a start or a step took it last; `null` keeps documents for ever. */
  readonly keepDays: number | null;
  /** Content is in this bucket; `undefined`: in PostgreSQL. */
  readonly s3: S3Options | undefined;
}

/** What offices send each other. Nothing that a browser would run: no HTML, no SVG. */
const OFFICE_TYPES = [
  'application/pdf',
  ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/tiff', 'image/heic'],
  ...['text/plain', 'text/csv', 'text/markdown', 'application/json'],
  'application/zip',
  ...['application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint', 'application/vnd.ms-outlook'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ...['application/vnd.oasis.opendocument.text', 'application/vnd.oasis.opendocument.spreadsheet', 'message/rfc822'],
];

export const DOCUMENT_DEFAULTS: DocumentOptions = {
  limits: { maxFileBytes: 25 * MEGABYTE, maxFiles: 20, maxTotalBytes: 100 * MEGABYTE, types: OFFICE_TYPES },
  keepDays: null,
  s3: undefined,
};
