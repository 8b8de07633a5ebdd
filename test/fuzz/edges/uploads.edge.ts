/** Multipart forms as browsers never send them, to every route that takes a POST. */
import fc from 'fast-check';
import type { Edge } from '../edge.js';
import { EVERYBODY, type House, type Who } from '../house.js';
import { hostileText } from '../values.js';
import { judgedRest } from './rest.edge.js';

interface Upload {
  readonly who: Who;
  readonly path: string;
  readonly contentType: string;
  readonly parts: readonly Part[];
  readonly ending: string;
  readonly isCut: boolean;
}

interface Part {
  readonly head: string;
  readonly content: string;
}

const BOUNDARY = 'fuzz-boundary';
const quoted = (text: string): string => text.replace(/["\r\n]/g, '_').slice(0, 400);

const name = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('files', 'id', 'quantity', 'customer.name', 'customer[name]', '__proto__', 'constructor.prototype'),
  },
  { weight: 1, arbitrary: hostileText.map(quoted) },
);
const fileName = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'a.txt',
      'a.pdf',
      '../../a.txt',
      'C:\\a.txt',
      'a\0.txt',
      'résumé.pdf',
      'con',
      '.',
      '..',
      `${'a'.repeat(300)}.txt`,
    ),
  },
  { weight: 1, arbitrary: hostileText.map(quoted) },
);
const content = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'hello',
      '1',
      '',
      '%PDF-1.7',
      'GIF89a',
      '<html>',
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]>',
      `--${BOUNDARY}`,
      'x'.repeat(300_000),
    ),
  },
  { weight: 1, arbitrary: hostileText },
);

const part: fc.Arbitrary<Part> = fc
  .record({
    name,
    fileName: fc.option(fileName),
    type: fc.oneof(
      fc.constantFrom('', 'text/plain', 'application/pdf', 'image/png', 'text/html'),
      fc.constantFrom('/', 'text/plain; charset=x', 'a'.repeat(500), 'multipart/mixed; boundary=y'),
    ),
    content,
    broken: fc.nat(20),
  })
  .map(({ name, fileName, type, content, broken }) => {
    const disposition = `Content-Disposition: form-data; name="${name}"${fileName === null ? '' : `; filename="${fileName}"`}`;
    const broken_ = [
      `Content-Disposition: form-data`,
      'Content-Disposition: attachment',
      '',
      'Nonsense',
      `Content-Disposition: form-data; name=${name}`,
      `Content-Disposition: form-data; name="files"; filename*=UTF-8''%ff%00..%2f`,
    ][broken];
    return { head: `${broken_ ?? disposition}${type === '' ? '' : `\r\nContent-Type: ${type}`}`, content };
  });

export function uploadsEdge(house: House): Edge<Upload> {
  const posts = house.ready.routes.filter(({ method }) => method === 'POST').map(({ path }) => path.replace(/:\w+/g, 'orders'));
  const inputs = fc.record({
    who: fc.constantFrom(...EVERYBODY, 'admin' as const, 'operator' as const),
    path: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('/documents', '/workflows/orders/start', '/workflows/asking/start') },
      { weight: 1, arbitrary: fc.constantFrom(...posts) },
    ),
    contentType: fc.oneof(
      { weight: 9, arbitrary: fc.constant(`multipart/form-data; boundary=${BOUNDARY}`) },
      fc.constantFrom(
        'multipart/form-data',
        'multipart/form-data; boundary=',
        'multipart/form-data; boundary="',
        `multipart/form-data; boundary=${'x'.repeat(200)}`,
        'multipart/mixed; boundary=fuzz-boundary',
      ),
    ),
    parts: fc.oneof(
      { weight: 20, arbitrary: fc.array(part, { maxLength: 4 }) },
      { weight: 1, arbitrary: part.map((one) => Array.from({ length: 1_200 }, () => ({ ...one, content: one.content.slice(0, 10) }))) },
    ),
    ending: fc.oneof(
      { weight: 9, arbitrary: fc.constant(`--${BOUNDARY}--\r\n`) },
      fc.constantFrom('', `--${BOUNDARY}`, '\r\n\r\n', `--${BOUNDARY}--junk`),
    ),
    isCut: fc.nat(9).map((chance) => chance === 0),
  });
  return {
    ...{ name: 'uploads', share: 5, together: 4, inputs },
    attempt: async ({ who, path, contentType, parts, ending, isCut }) => {
      const whole = parts.map(({ head, content }) => `--${BOUNDARY}\r\n${head}\r\n\r\n${content}\r\n`).join('') + ending;
      const body = isCut ? whole.slice(0, Math.floor(whole.length / 2)) : whole;
      const answer = await house.send({
        method: 'POST',
        path,
        body,
        headers: { ...house.headersOf(who), 'content-type': contentType, 'x-stepwell-csrf': '1' },
      });
      return judgedRest(house, answer);
    },
  };
}
