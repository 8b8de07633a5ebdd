/** PDFs as small as they can be, written by hand: pages of A4 with lines of text in a font that every reader has. */

/** In points, from the lower left corner of the page. */
export interface PdfLine {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export const A4 = { width: 595, height: 842 };

export function pdfOf(pages: readonly (readonly PdfLine[])[]): Buffer {
  const numberOf = (page: number): number => 4 + page * 2;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, page) => `${numberOf(page)} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap((lines, page) => {
      const text = lines.map(({ x, y, text: words }) => `BT /F 24 Tf ${x} ${y} Td (${words}) Tj ET`).join('\n');
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${A4.width} ${A4.height}] /Resources << /Font << /F 3 0 R >> >> /Contents ${numberOf(page) + 1} 0 R >>`,
        `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
      ];
    }),
  ];
  let file = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const place = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  return Buffer.from(`${file}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`, 'latin1');
}

/** One page, "Salaries of 2026", encrypted with AES-256: to be read by whoever knows the password. */
export const LOCKED_PDF = {
  password: 'open sesame',
  content: Buffer.from(
    `JVBERi0xLjQKJeLjz9MKMiAwIG9iago8PAovVHlwZSAvUGFnZXMKL0NvdW50IDEKL0tpZHMgWyA0IDAgUiBdCj4+CmVuZG9iagozIDAgb2JqCjw8Ci9UeXBlIC9DYXRhbG
9nCi9QYWdlcyAyIDAgUgovT3V0bGluZXMgNyAwIFIKPj4KZW5kb2JqCjQgMCBvYmoKPDwKL1R5cGUgL1BhZ2UKL01lZGlhQm94IFsgMCAwIDU5NSA4NDIgXQovUmVzb3Vy
Y2VzIDw8Ci9Gb250IDw8Ci9GIDUgMCBSCj4+Cj4+Ci9Db250ZW50cyA2IDAgUgovUGFyZW50IDIgMCBSCj4+CmVuZG9iago1IDAgb2JqCjw8Ci9UeXBlIC9Gb250Ci9TdW
J0eXBlIC9UeXBlMQovQmFzZUZvbnQgL0hlbHZldGljYQo+PgplbmRvYmoKNiAwIG9iago8PAovTGVuZ3RoIDY0Cj4+CnN0cmVhbQqQhsrw/IZ01run5JY/Bo/kDfbcdduR
8anAxgQHOxdL2fDGZ/OmG60TMdQkYwk61BiV1QVBw+TJrbIOWTXJI4dfCmVuZHN0cmVhbQplbmRvYmoKNyAwIG9iago8PAo+PgplbmRvYmoKOCAwIG9iago8PAovViA1Ci
9SIDYKL0xlbmd0aCAyNTYKL1AgNDI5NDk2NzI5MgovRmlsdGVyIC9TdGFuZGFyZAovTyA8MWRjZTM2ZjYyYzc4MzZmMDAzZDRkY2VkNDJlZmViZTk1NTYwNjkyOGEzN2Zh
NWViMjRhNmE1OGNlNzg1M2NjYzdkYWJjYWEzZTYxOGNiMzhmMjRhODIwNWRkMDAxNjA5PgovVSA8NTkyNDdlNDM4YTEyZTcyMWYwNzIxZGIyODEzN2FmN2M4NTAwNjJlMj
U1ODk4ZmQzZWI0NmY1NDYwOTI4NDdhOWM3NjUyNjAxYjkwZTA2YjU4NjEwMThlMGY1MmJkOGI2PgovQ0YgPDwKL1N0ZENGIDw8Ci9BdXRoRXZlbnQgL0RvY09wZW4KL0NG
TSAvQUVTVjMKL0xlbmd0aCAzMgo+Pgo+PgovU3RtRiAvU3RkQ0YKL1N0ckYgL1N0ZENGCi9PRSA8MDlkYmQ3YWRmMzFkNGNjYmEwZTE3MTVhYzZhMzhiYWZhOTEyYjA4Nz
Q4OTg2YTVhZTNlNjdiNmZiYWI4YmY1ZT4KL1VFIDw5MjM0YWI2MTNlYTMxNzc2ZDdjNDIwMmEwOTVjMzQxY2RhNmM1M2RlOTc5YTk1ZWE1NWIwYWQ0ZGU5NDkwZGZhPgov
UGVybXMgPGU0ZmYwMWI1MzE5ODU2YzA5ZTJiMGFlYmQwZGEzOWI2Pgo+PgplbmRvYmoKeHJlZgowIDkKMDAwMDAwMDAwMSA2NTUzNSBmIAowMDAwMDAwMDAwIDAwMDAxIG
YgCjAwMDAwMDAwMTUgMDAwMDAgbiAKMDAwMDAwMDA3NCAwMDAwMCBuIAowMDAwMDAwMTM5IDAwMDAwIG4gCjAwMDAwMDAyNjYgMDAwMDAgbiAKMDAwMDAwMDMzNiAwMDAw
MCBuIAowMDAwMDAwNDUwIDAwMDAwIG4gCjAwMDAwMDA0NzEgMDAwMDAgbiAKdHJhaWxlcgo8PAovU2l6ZSA5Ci9Sb290IDMgMCBSCi9JRCBbIDwzNjY1MzEzNjYyNjIzMj
MyNjIzMzYyNjEzNjM5MzAzNDM5Mzg2NDM0MzI2MTMyMzE2MTMwNjYzOTY1MzAzMTYyPiA8MzY2NTMxMzY2MjYyMzIzMjYyMzM2MjYxMzYzOTMwMzQzOTM4NjQzNDMyNjEz
MjMxNjEzMDY2Mzk2NTMwMzE2Mj4gXQovRW5jcnlwdCA4IDAgUgo+PgpzdGFydHhyZWYKMTAyNgolJUVPRgo=`,
    'base64',
  ),
};
