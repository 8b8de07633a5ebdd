import { IsBoolean, IsInt, IsOptional, IsString } from 'class-validator';
import {
  DocumentField,
  DocumentListField,
  type DocumentReference,
  Documents,
  event,
  on,
  Step,
  type StepContext,
  type StepHandler,
  workflow,
  WorkflowModule,
} from '@stepwell/sdk';
import { until } from '../../../test/engine/engine.js';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

class Claim {
  @IsString()
  id!: string;

  @IsInt()
  amount!: number;

  @IsOptional()
  @IsBoolean()
  isUrgent?: boolean;

  @IsOptional()
  @DocumentField({ types: ['application/pdf'], maxBytes: 2000 })
  report?: DocumentReference;

  @IsOptional()
  @DocumentListField({ maxCount: 2 })
  scans?: DocumentReference[];
}

/** Reads what it was started with, and stores what it made of it. */
@Step({ id: 'summarize' })
class Summarize implements StepHandler<{ summary: DocumentReference; sizes: number[] }, Claim> {
  constructor(private readonly documents: Documents) {}

  async run(ctx: StepContext<Claim>) {
    const documents = this.documents.of(ctx);
    const given = [...(ctx.input.report ? [ctx.input.report] : []), ...(ctx.input.scans ?? [])];
    const sizes: number[] = [];
    for (const { id } of given) {
      let size = 0;
      for await (const part of (await documents.get(id)).content as AsyncIterable<Buffer>) size += part.length;
      sizes.push(size);
    }
    return { sizes, summary: await documents.put('summary.txt', 'text/plain', `${given.length} documents`) };
  }
}

const claimSent = event<{ id: string }>('claim.sent', { external: true });
const claims = workflow<Claim>('claims', { version: 1, input: Claim }).then(Summarize);
const listening = workflow<{ id: string }>('listening', {
  version: 1,
  startOn: [on(claimSent, ({ payload }) => ({ input: payload }))],
}).then('end', (ctx) => ctx.input.id);
const loose = workflow('loose', { version: 1 }).then('end', () => 'done');

@WorkflowModule({ workflows: [claims, listening, loose], providers: [Summarize] })
class ClaimsModule {}

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n');

describe('starts over HTTP', () => {
  let api: ApiApp;
  let [operator, stranger]: ApiUser[] = [];
  beforeAll(async () => {
    api = await startApiApp({ workflowModules: [ClaimsModule] });
    [operator, stranger] = [await api.as('operator'), await api.as('admin', 'acme')];
  });
  afterAll(() => api.close());

  const post = (path: string, who = operator) =>
    api
      .client()
      .post(path)
      .set({ cookie: who?.cookie ?? '', 'x-stepwell-csrf': '1' });
  const start = (name = 'claims', who = operator) => post(`/workflows/${name}/start`, who);
  const run = async (id: string) =>
    (await operator?.ask('query ($id: ID!) { run(id: $id) { status input output startedBy } }', { id }))?.data.run;
  const ended = (id: string) =>
    until(
      () => run(id),
      (one) => one?.status === 'completed',
      'The run should complete',
    );
  const rows = async (table: 'runs' | 'documents' | 'document_chunks') =>
    (await api.database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n;
  const counts = () => Promise.all([rows('runs'), rows('documents'), rows('document_chunks')]);

  describe('by JSON', () => {
    it('start a run, and once per key, in the body or the header', async () => {
      const { body } = await start()
        .send({ input: { id: 'a', amount: 1 }, idempotencyKey: 'k1' })
        .expect(201);
      expect(body).toEqual({ runId: expect.any(String) as unknown, existing: false });
      expect(await ended(body.runId)).toMatchObject({ input: { id: 'a', amount: 1 } });
      const repeat = start()
        .set('idempotency-key', 'k1')
        .send({ input: { id: 'b', amount: 2 } });
      expect((await repeat.expect(200)).body).toEqual({ runId: body.runId, existing: true });
      await start('loose').send({}).expect(201);
    });

    it.each([
      ['an input that does not fit', 'claims', { input: { id: 'a', amount: 'many' } }, 400, 'INPUT_INVALID'],
      ['a misspelt field', 'claims', { inptu: {} }, 400, 'INPUT_INVALID'],
      ['a key that is no text', 'loose', { idempotencyKey: 5 }, 400, 'INPUT_INVALID'],
      ['a list', 'loose', [], 400, 'INPUT_INVALID'],
      ['an unknown workflow', 'nothing', {}, 404, 'WORKFLOW_NOT_FOUND'],
      ['more than is taken', 'loose', { input: 'x'.repeat(3_000_000) }, 413, undefined],
    ] as const)('refuse %s', async (_what, name, body, status, code) => {
      const before = await counts();
      const answer = await start(name).send(body);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(await counts()).toEqual(before);
    });

    it('say which fields are wrong', async () => {
      const { body } = await start()
        .send({ input: { id: 5, amount: 1 } })
        .expect(400);
      expect(body.fields).toEqual([{ path: 'id', message: 'Needs a text' }]);
    });

    it('ask for the same as GraphQL does: a role, our own origin, the header or a key', async () => {
      await api.client().post('/workflows/loose/start').set('x-stepwell-csrf', '1').send({}).expect(401);
      await start('loose', await api.as('reviewer'))
        .send({})
        .expect(403);
      await start('loose').set('origin', 'https://evil.example').send({}).expect(403);
      const cookie = operator?.cookie ?? '';
      expect((await api.client().post('/workflows/loose/start').set({ cookie }).send({}).expect(403)).body.code).toBe(
        'CSRF_HEADER_MISSING',
      );
      await start('loose').type('form').send('a=1').expect(415);
      const { data } = await (await api.as('admin')).ask('mutation { createApiKey(name: "m", role: operator, expiresInDays: 1) { key } }');
      await api.client().post('/workflows/loose/start').set('authorization', `Bearer ${data.createApiKey.key}`).send({}).expect(201);
    });
  });

  describe('by a form', () => {
    it('have every field in the input, files as references that a step can read', async () => {
      const form = start().field('id', '007').field('amount', '12').field('isUrgent', 'true').attach('report', PDF, 'report.pdf');
      const { body } = await form.attach('scans', Buffer.from('a'), 'a.txt').attach('scans', Buffer.from('bcd'), 'b.txt').expect(201);
      const { input, output } = await ended(body.runId);
      const reference = (fileName: string) => ({ fileName, id: expect.any(String) as unknown });
      expect(input).toEqual({
        ...{ id: '007', amount: 12, isUrgent: true, report: reference('report.pdf') },
        scans: [reference('a.txt'), reference('b.txt')],
      });
      expect(output).toEqual({ sizes: [PDF.length, 1, 3], summary: reference('summary.txt') });
      const { text } = await api
        .client()
        .get(`/documents/${output.summary.id}`)
        .set('cookie', operator?.cookie ?? '')
        .expect(200);
      expect(text).toBe('3 documents');
    });

    it('leave no file when they are refused, or when there is such a run', async () => {
      const filled = () =>
        start().field('id', 'a').field('amount', '1').attach('scans', Buffer.from('a'), 'a.txt').set('idempotency-key', 'form');
      const { body } = await filled().expect(201);
      await ended(body.runId);
      const before = await counts();
      expect((await filled().expect(200)).body).toEqual({ runId: body.runId, existing: true });
      const wrong = await start().field('amount', 'many').attach('report', PDF, 'a.pdf').expect(400);
      expect(wrong.body.fields).toEqual([{ path: 'amount', message: '"many" is no number' }]);
      await start().field('id', 'a').attach('report', PDF, 'a.pdf').expect(400);
      await start().field('id', 'a').attach('note', PDF, 'a.pdf').expect(400);
      await start()
        .attach('report', Buffer.concat([PDF, Buffer.alloc(2000)]), 'a.pdf')
        .expect(413);
      await start().attach('report', Buffer.from('text'), 'a.txt').expect(415);
      await start('nothing').attach('report', PDF, 'a.pdf').expect(404);
      expect(await counts()).toEqual(before);
    });
  });

  describe('with documents that were sent before', () => {
    const upload = async (content: Buffer, name: string, who = operator) =>
      (await post('/documents', who).attach('files', content, name).expect(201)).body[0] as DocumentReference;
    const begin = ({ id, fileName }: DocumentReference) => start().send({ input: { id: 'a', amount: 1, report: { id, fileName } } });

    it('take them, and keep them from then on', async () => {
      const report = await upload(PDF, 'a.pdf');
      const { body } = await begin(report).expect(201);
      expect((await ended(body.runId)).output.sizes).toEqual([PDF.length]);
      const { rows: held } = await api.database.pool.query('SELECT held_at IS NOT NULL AS held FROM documents WHERE id = $1', [report.id]);
      expect(held).toEqual([{ held: true }]);
    });

    it('are refused at the field, also by GraphQL, when a document is not there, of another tenant, or not what the field takes', async () => {
      const theirs = await upload(PDF, 'a.pdf', stranger);
      const none = { id: '01890000-0000-7000-8000-000000000000', fileName: 'a.pdf' };
      const text = await upload(Buffer.from('text'), 'a.txt');
      const large = await upload(Buffer.concat([PDF, Buffer.alloc(2000)]), 'a.pdf');
      const named = await upload(PDF, 'a.pdf');
      const cases: [DocumentReference, string][] = [
        [theirs, `there is no document ${theirs.id}`],
        [none, `there is no document ${none.id}`],
        [text, '"a.txt" is text/plain, but what is taken is application/pdf'],
        [large, `"a.pdf" has ${PDF.length + 2000} bytes, but at most 2000 are taken`],
        [{ ...named, fileName: 'b.pdf' }, `document ${named.id} is named "a.pdf"`],
      ];
      const before = await counts();
      for (const [document, message] of cases)
        expect((await begin(document).expect(400)).body.fields).toEqual([{ path: 'report', message }]);
      const input = { id: 'a', amount: 1, scans: [none] };
      const answer = await operator?.ask(
        'mutation ($i: JSON) { startRun(workflow: "claims", input: $i) { errors { message ... on FieldError { path } } } }',
        {
          i: input,
        },
      );
      expect(answer?.data.startRun.errors).toEqual([{ message: `there is no document ${none.id}`, path: ['input', 'scans', '0'] }]);
      expect(await counts()).toEqual(before);
    });
  });

  it('emit events, with a key for tracing, two of one key too', async () => {
    const send = (body: object) => post('/events/claim.sent').send(body);
    const sent = [
      await send({ payload: { id: 'e1' }, idempotencyKey: 'k' }).expect(201),
      await send({ payload: { id: 'e1' }, idempotencyKey: 'k' }).expect(201),
    ];
    expect(new Set(sent.map(({ body }) => body.eventId as string)).size).toBe(2);
    const started = () =>
      api.database.pool.query("SELECT 1 FROM runs WHERE workflow = 'listening' AND cause_event = ANY ($1)", [
        sent.map(({ body }) => body.eventId),
      ]);
    await until(
      async () => (await started()).rowCount,
      (count) => count === 2,
      'Both should start a run',
    );
    expect((await post('/events/unknown.one').send({}).expect(404)).body.code).toBe('EVENT_NOT_FOUND');
    expect((await send({ paylaod: 1 }).expect(400)).body.code).toBe('INPUT_INVALID');
    await api
      .client()
      .post('/events/claim.sent')
      .set('cookie', operator?.cookie ?? '')
      .send({})
      .expect(403);
    await post('/events/claim.sent', await api.as('reviewer'))
      .send({})
      .expect(403);
  });
});
