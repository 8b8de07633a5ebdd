// Which documents are shown here, and how; everything else is there to be saved.

export type DocumentKind = 'pdf' | 'image' | 'json' | 'csv' | 'text';

const MEGABYTE = 1024 * 1024;

/** Beyond this a browser is busy for too long. */
const MOST_BYTES: Readonly<Record<DocumentKind, number>> = {
  pdf: 100 * MEGABYTE,
  image: 40 * MEGABYTE,
  ...{ json: 2 * MEGABYTE, csv: 2 * MEGABYTE, text: 2 * MEGABYTE },
};

/** As browsers draw them. An SVG in an <img> runs no script and loads nothing. */
const IMAGES = ['avif', 'bmp', 'gif', 'jpeg', 'png', 'svg+xml', 'webp'].map((name) => `image/${name}`);
const TEXTS = ['application/xml', 'message/rfc822'];

/** @param mediaType parameters are passed over; undefined for what is not shown */
export function documentKind(mediaType: string): DocumentKind | undefined {
  const type = mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/pdf') return 'pdf';
  if (IMAGES.includes(type)) return 'image';
  if (type === 'application/json') return 'json';
  if (type === 'text/csv') return 'csv';
  // Also HTML: its source.
  return type.startsWith('text/') || TEXTS.includes(type) ? 'text' : undefined;
}

export function isShown(kind: DocumentKind, size: number): boolean {
  return size <= MOST_BYTES[kind];
}
