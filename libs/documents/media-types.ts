/**
 * What a file is. Its first bytes say so where they can; what its sender says counts only for kinds that have no mark of their own (texts),
 * and for refinements of a kind of container (a Word file is a ZIP archive).
 */
import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type';
import { lookup } from 'mime-types';

/** As many as file-type looks at. */
export const HEAD_BYTES = 4100;

const ANY = 'application/octet-stream';
/** Kinds that others are made of: inside of them a sender may know better. */
const CONTAINERS: Readonly<Record<string, RegExp>> = {
  'application/zip': /^application\/(vnd\.openxmlformats-officedocument\.|vnd\.oasis\.opendocument\.)/,
  'application/x-cfb': /^application\/(msword|vnd\.ms-(excel|powerpoint|outlook))$/,
  'application/xml': /^image\/svg\+xml$/,
};

/** Kinds that a person can read, and that have no mark. */
const TEXT = /^(text\/|application\/json$|message\/rfc822$)/;
// Some marks are no more than two letters; a text that begins with them has no such characters in it.
// eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

const SVG = 'image/svg+xml';
/** A drawing is a text that has one in its beginning: HTML under its name is none. */
const DRAWING = /<svg[\s>]/;

/** What has a mark that file-type knows, under the names it gives. */
const MARKED: ReadonlySet<string> = supportedMimeTypes;

/**
 * @param declared as the sender said, parameters and all
 * @returns the media type, without parameters; `undefined` when the bytes are not what the sender says
 */
export async function mediaTypeOf(head: Buffer, declared: string | undefined, fileName: string): Promise<string | undefined> {
  const said = plain(declared);
  const claimed = said === undefined || said === ANY ? (plain(lookup(fileName) || undefined) ?? ANY) : said;
  if (claimed === SVG && !DRAWING.test(head.toString('latin1'))) return undefined;
  if (TEXT.test(claimed) && !CONTROL.test(head.toString('latin1'))) return claimed;
  const seen = plain((await fileTypeFromBuffer(head))?.mime);
  if (seen === undefined) return MARKED.has(claimed) && head.length > 0 ? undefined : claimed;
  return CONTAINERS[seen]?.test(claimed) ? claimed : seen;
}

/** @param allowed such as `application/pdf` or `image/*` */
export function isAllowed(mediaType: string, allowed: readonly string[]): boolean {
  return allowed.some((type) => type === mediaType || (type.endsWith('/*') && mediaType.startsWith(type.slice(0, -1))));
}

const MEDIA_TYPE = /^[a-z\d][\w.+-]*\/[a-z\d][\w.+-]*$/;

/** @returns it in lower case and without parameters; `undefined` when it is none */
export function plain(mediaType: string | undefined): string | undefined {
  const type = mediaType?.split(';')[0]?.trim().toLowerCase();
  return type !== undefined && MEDIA_TYPE.test(type) ? type : undefined;
}
