import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { deflateRawSync } from 'node:zlib';
import { Logger } from '@nestjs/common';
import { DocumentSweeper } from '@stepwell/documents';
import { until } from '../../../test/engine/engine.js';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

const { jest } = import.meta;

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n');
/** Up to where the picture begins. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890007d00049444154', 'hex');
const KILOBYTE = 1024;
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const LIMITS = {
  maxFileBytes: 600 * KILOBYTE,
  maxFiles: 3,
  maxTotalBytes: 1000 * KILOBYTE,
  types: ['application/pdf', 'image/*', 'text/plain', WORD],
};

/** An archive with one entry, of deflated bytes. */
function zipOf(deflated: Buffer, size: number): Buffer {
  const name = Buffer.from('word/document.xml');
  const entry = Buffer.alloc(30);
  entry.writeUInt32LE(0x04034b50, 0);
  entry.writeUInt16LE(20, 4);
  entry.writeUInt16LE(8, 8);
  entry.writeUInt32LE(deflated.length, 18);
  entry.writeUInt32LE(size, 22);
  entry.writeUInt16LE(name.length, 26);
  return Buffer.concat([entry, name, deflated]);
}

describe('documents over HTTP', () => {
  let api: ApiApp;
  let [operator, reviewer, stranger]: ApiUser[] = [];
  beforeAll(async () => {
    api = await startApiApp({ documents: { limits: LIMITS } });
    [operator, reviewer, stranger] = [await api.as('operator'), await api.as('reviewer'), await api.as('admin', 'acme')];
  });
  afterAll(() => api.close());

  const upload = (who = operator) =>
    api
      .client()
      .post('/documents')
      .set({ cookie: who?.cookie ?? '', 'x-stepwell-csrf': '1' });
  const download = (id: string, who = reviewer) =>
    api
      .client()
      .get(`/documents/${id}`)
      .set({ cookie: who?.cookie ?? '' });
  const rows = async () => (await api.database.pool.query<{ id: string }>('SELECT id FROM documents ORDER BY id')).rows;
  const pieces = async () => (await api.database.pool.query('SELECT 1 FROM document_chunks')).rowCount;

  it('are sent as a form, and come back as they were, for saving', async () => {
    const image = Buffer.concat([PNG, randomBytes(500 * KILOBYTE)]);
    const { body } = await upload().attach('files', PDF, 'Bericht – März.pdf').attach('files', image, 'c:\\scans\\page.png').expect(201);
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown;
    expect(body).toEqual([
      { id, fileName: 'Bericht – März.pdf', mediaType: 'application/pdf', size: PDF.length },
      { id, fileName: 'page.png', mediaType: 'image/png', size: image.length },
    ]);
    const { body: content, headers } = await download(body[1].id).buffer().expect(200);
    expect(Buffer.compare(content as Buffer, image)).toBe(0);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(image.length),
      'content-disposition': 'attachment; filename=page.png',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    expect((await download(body[0].id)).headers['content-disposition']).toBe(
      `attachment; filename="Bericht ? M?rz.pdf"; filename*=UTF-8''Bericht%20%E2%80%93%20M%C3%A4rz.pdf`,
    );
  });

  it('that would run in a browser, or burst when unpacked, are kept as they are, and given out for saving only', async () => {
    const script = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>';
    // 40 kB that say they are 40 MB: nobody unpacks them.
    const bomb = zipOf(deflateRawSync(Buffer.alloc(40_000 * KILOBYTE)), 40_000 * KILOBYTE);
    const { body } = await upload()
      .attach('files', Buffer.from(script), { filename: 'drawing.svg', contentType: 'image/svg+xml' })
      .attach('files', Buffer.from(`<?xml version="1.0"?>${script}`), {
        filename: '../../etc/passwd.svg',
        contentType: 'image/svg+xml',
      })
      .attach('files', bomb, 'bomb.docx')
      .expect(201);
    expect(body).toMatchObject([
      { fileName: 'drawing.svg', mediaType: 'image/svg+xml' },
      { fileName: 'passwd.svg', mediaType: 'image/svg+xml' },
      { fileName: 'bomb.docx', size: bomb.length },
    ]);
    for (const { id } of body as { id: string }[]) {
      const { headers } = await download(id).buffer().expect(200);
      expect(headers['content-disposition']).toMatch(/^attachment; /);
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('may be empty, and none may be chosen at all', async () => {
    const { body } = await upload().attach('files', Buffer.alloc(0), 'empty.txt').expect(201);
    expect(body).toMatchObject([{ fileName: 'empty.txt', size: 0 }]);
    expect((await download(body[0].id).expect(200)).text).toBe('');
    expect((await upload().field('note', 'no files').expect(201)).body).toEqual([]);
  });

  it('are of one tenant', async () => {
    const { body } = await upload().attach('files', PDF, 'ours.pdf').expect(201);
    const theirs = await download(body[0].id, stranger).expect(404);
    const none = await download('01890000-0000-7000-8000-000000000000', stranger).expect(404);
    expect(theirs.body.message.replace(body[0].id, '')).toBe(none.body.message.replace('01890000-0000-7000-8000-000000000000', ''));
    await download('nonsense').expect(404);
    await download(body[0].id).expect(200);
  });

  it('are sent by people from our own pages, a reviewer’s answer too, or by machines with a key', async () => {
    await api.client().post('/documents').attach('files', PDF, 'a.pdf').set('x-stepwell-csrf', '1').expect(401);
    await upload(reviewer).attach('files', PDF, 'a.pdf').expect(201);
    const withoutHeader = api
      .client()
      .post('/documents')
      .set('cookie', operator?.cookie ?? '')
      .attach('files', PDF, 'a.pdf');
    expect((await withoutHeader.expect(403)).body.code).toBe('CSRF_HEADER_MISSING');
    expect((await upload().set('origin', 'https://evil.example').attach('files', PDF, 'a.pdf').expect(403)).body.code).toBe(
      'ORIGIN_REFUSED',
    );
    const admin = await api.as('admin');
    const { data } = await admin.ask('mutation { createApiKey(name: "m", role: operator, expiresInDays: 1) { key } }');
    const byKey = api.client().post('/documents').set('authorization', `Bearer ${data.createApiKey.key}`);
    await byKey.attach('files', PDF, 'a.pdf').expect(201);
  });

  describe('that are refused', () => {
    const program = Buffer.concat([Buffer.from('MZ'), randomBytes(200)]);
    const large = (kilobytes: number) => Buffer.alloc(kilobytes * KILOBYTE, 'a');

    it.each([
      ['a program that says it is a PDF', () => upload().attach('files', program, 'a.pdf'), 415, 'FILE_TYPE_REFUSED'],
      ['a text that says it is a PDF', () => upload().attach('files', Buffer.from('hello'), 'a.pdf'), 415, 'FILE_TYPE_REFUSED'],
      [
        'HTML that says it is a PDF',
        () => upload().attach('files', Buffer.from('<!doctype html><script>1</script>'), 'a.pdf'),
        415,
        'FILE_TYPE_REFUSED',
      ],
      [
        'HTML that says it is a drawing',
        () => upload().attach('files', Buffer.from('<script>1</script>'), { filename: 'a.svg', contentType: 'image/svg+xml' }),
        415,
        'FILE_TYPE_REFUSED',
      ],
      ['a type that is not taken', () => upload().attach('files', Buffer.from('<b>'), 'a.html'), 415, 'FILE_TYPE_REFUSED'],
      ['a file that is too large', () => upload().attach('files', large(601), 'a.txt'), 413, 'FILE_TOO_LARGE'],
      [
        'files that together are too large',
        () => upload().attach('files', large(500), 'a.txt').attach('files', large(500), 'b.txt'),
        413,
        'UPLOAD_TOO_LARGE',
      ],
      [
        'too many files',
        () => [1, 2, 3, 4].reduce((request, name) => request.attach('files', PDF, `${name}.pdf`), upload()),
        413,
        'TOO_MANY_FILES',
      ],
      ['a file in another field', () => upload().attach('photo', PDF, 'a.pdf'), 400, 'INPUT_INVALID'],
      ['a file without a name', () => upload().attach('files', PDF, { filename: '' }), 400, 'INPUT_INVALID'],
      ['JSON', () => upload().send({ files: [] }), 415, 'CONTENT_TYPE_REFUSED'],
      ['a form of another kind', () => upload().type('form').send('files=1'), 415, 'CONTENT_TYPE_REFUSED'],
      [
        'a form that ends in the middle',
        () => upload().set('content-type', 'multipart/form-data; boundary=x').send('--x\r\n'),
        400,
        'INPUT_INVALID',
      ],
      ['a form without a boundary', () => upload().set('content-type', 'multipart/form-data').send('--x--'), 400, 'INPUT_INVALID'],
    ] as const)('leave nothing: %s', async (_what, send, status, code) => {
      const before = [await rows(), await pieces()];
      const answer = await send();
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect([await rows(), await pieces()]).toEqual(before);
    });

    const part = (head: string, content: string) => `--x\r\n${head}\r\n\r\n${content}\r\n`;
    const disposed = (name: string) => `Content-Disposition: form-data; name="${name}"; filename="a.txt"`;

    it.each([
      ['a text without a name', part('Content-Disposition: form-data', '1') + '--x--'],
      ['a file without a field', part('Content-Disposition: form-data; filename="a.txt"', '1') + '--x--'],
      ['a file in another field, and then one that does not end', part(disposed('photo'), '--x') + part(disposed('files'), '1')],
      ['a part without a head, and then a file that does not end', part('', 'Content-Type: text/plain') + part(disposed('files'), 'a')],
    ])('answer a form that is broken: %s', async (_what, text) => {
      const before = await rows();
      const type = 'multipart/form-data; boundary=x';
      expect((await upload().set('content-type', type).send(text).expect(400)).body.code).toBe('INPUT_INVALID');
      const start = api
        .client()
        .post('/workflows/asking/start')
        .set({ cookie: operator?.cookie ?? '', 'x-stepwell-csrf': '1', 'content-type': type });
      expect((await start.send(text).expect(400)).body.code).toBe('INPUT_INVALID');
      expect(await rows()).toEqual(before);
    });

    it('leave nothing, with those that were sent before them', async () => {
      const before = [await rows(), await pieces()];
      const { body } = await upload().attach('files', PDF, 'good.pdf').attach('files', program, 'bad.pdf').expect(415);
      expect(body.message).toBe(
        `"bad.pdf" is application/x-msdownload. What is taken here: application/pdf, image/*, text/plain, ${WORD}.`,
      );
      expect([await rows(), await pieces()]).toEqual(before);
    });

    it('leave nothing when the sender goes away in the middle', async () => {
      const before = [await rows(), await pieces()] as const;
      const headers = {
        cookie: operator?.cookie,
        'x-stepwell-csrf': '1',
        'content-type': 'multipart/form-data; boundary=x',
        'transfer-encoding': 'chunked',
      };
      const request = http.request(`${api.url}/documents`, { method: 'POST', headers });
      request.on('error', () => undefined);
      request.write('--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n');
      request.write(large(300));
      const found = () => Promise.all([rows(), pieces()]);
      await until(found, ([documents]) => documents.length > before[0].length, 'It should have begun');
      request.destroy();
      await until(found, (now) => JSON.stringify(now) === JSON.stringify(before), 'Nothing should be left');
    });

    it('are cut off when they do not say how large they are', async () => {
      const headers = {
        cookie: operator?.cookie,
        'x-stepwell-csrf': '1',
        'content-type': 'multipart/form-data; boundary=x',
        'transfer-encoding': 'chunked',
      };
      const request = http.request(`${api.url}/documents`, { method: 'POST', headers });
      const status = new Promise((resolve) => request.on('response', ({ statusCode }) => resolve(statusCode)).on('error', () => undefined));
      request.write('--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n');
      for (let sent = 0; sent < 11; sent++) request.write(large(100));
      expect(await status).toBe(413);
      request.destroy();
    });
  });

  it('that no start has taken go after a day, with those that were left half written', async () => {
    const { body } = await upload().attach('files', PDF, 'old.pdf').attach('files', PDF, 'new.pdf').expect(201);
    await api.database.pool.query(
      "INSERT INTO documents (tenant, id, file_name, media_type) VALUES ('acme', gen_random_uuid(), 'half', 'x/y')",
    );
    await api.database.pool.query(
      "UPDATE documents SET created_at = created_at - interval '25 hours' WHERE file_name IN ('old.pdf', 'half')",
    );
    expect(await api.app.get(DocumentSweeper).sweep()).toBe(2);
    await download(body[0].id).expect(404);
    await download(body[1].id).expect(200);
    expect((await api.database.pool.query('SELECT 1 FROM document_chunks WHERE document_id = $1', [body[0].id])).rowCount).toBe(0);
  });

  it('whose content cannot be removed are told of and tried again, and keep none of the others', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const { body } = await upload().attach('files', PDF, 'behind.pdf').expect(201);
    // More than a sweep takes at a time, and all of them before the other.
    await api.database.pool.query(`
      CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk says no'; END $$;
      CREATE TRIGGER keep BEFORE DELETE ON document_chunks FOR EACH ROW WHEN (OLD.tenant = 'acme') EXECUTE FUNCTION keep();
      WITH stuck AS (
        INSERT INTO documents (tenant, id, file_name, media_type) SELECT 'acme', gen_random_uuid(), 'stuck', 'x/y' FROM generate_series(1, 101)
        RETURNING tenant, id)
      INSERT INTO document_chunks SELECT tenant, id, 0, '' FROM stuck;
      UPDATE documents SET created_at = created_at - interval '25 hours' WHERE file_name IN ('stuck', 'behind.pdf')`);
    const sweeper = api.app.get(DocumentSweeper);
    expect(await sweeper.sweep()).toBe(1);
    await download(body[0].id).expect(404);
    expect(warn.mock.calls.map(([line]) => line as string)).toEqual([
      expect.stringMatching(/^101 documents, the first of them [0-9a-f-]{36}, could not be removed: the disk says no\. /),
    ]);
    warn.mockRestore();

    await api.database.pool.query('DROP TRIGGER keep ON document_chunks');
    expect(await sweeper.sweep()).toBe(101);
  });
});
