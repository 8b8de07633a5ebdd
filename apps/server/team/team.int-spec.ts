/** The figures of a team over GraphQL and as CSV: who gets which, and what a spreadsheet makes of hostile texts. What they come to is tested in libs/tasks/team. */
import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

const FORMULAS = ['=HYPERLINK("http://evil.test","me")', '+1', '-2+3', '@SUM(1)', '\t=1', '\r=1', '\n=1', '＝1'];
const HARMLESS = ['a "quoted", one\nof two lines', 'Zoë', "it's =1"];
const TEAM = `query ($period: TeamPeriod!, $filter: TeamFilter) { teamReport(period: $period, filter: $filter) {
  isOwn open { total } ended { decided sinceOpened { count p50Ms } } days { date } reviewers { id name ended { decided } } screens { title } } }`;
const WEEK = { zone: 'Asia/Kathmandu', days: 7 };

describe('the figures of a team', () => {
  let api: ApiApp;
  let operator: ApiUser;
  let reviewer: ApiUser;
  beforeAll(async () => {
    api = await startApiApp();
    operator = await api.as('operator');
    reviewer = await api.as('reviewer');
    for (const text of [...FORMULAS, ...HARMLESS]) await decided('default', text, { id: operator.id, name: text, kind: 'user' });
    await decided('default', 'own', { id: reviewer.id, name: reviewer.displayName, kind: 'user' });
    await decided('acme', 'theirs', { id: reviewer.id, name: 'Theirs', kind: 'user' });
  });
  afterAll(() => api.close());

  const decided = (tenant: string, text: string, by: object) =>
    api.database.pool.query(
      `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, status, decided_by, form, opened_at, ended_at)
       VALUES ($1, new_id(), new_id(), 'a', '', 'orders', 1, 'check', $2, $2, 'completed', $3, '{}', now() - interval '90 seconds', now())`,
      [tenant, text, JSON.stringify(by)],
    );
  const report = async (who: ApiUser, filter = {}, period: object = WEEK) => {
    const { data, errors } = await who.ask(TEAM, { period, filter });
    return data?.teamReport ?? errors?.[0]?.extensions.code;
  };
  const csv = (table: string, query: object, who?: ApiUser) =>
    api.client().get(`/team/${table}.csv`).query({ ...WEEK, ...query }).set(who ? { cookie: who.cookie } : {}).buffer(); // prettier-ignore
  const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true, bom: true });

  it('are of everybody for an operator, and of himself for a reviewer; nobody sees another tenant', async () => {
    const all = FORMULAS.length + HARMLESS.length + 1;
    expect(await report(operator)).toMatchObject({ isOwn: false, open: { total: 0 }, ended: { decided: all, sinceOpened: { count: all, p50Ms: 90_000 } } }); // prettier-ignore
    const own = await report(reviewer);
    expect(own).toMatchObject({ isOwn: true, ended: { decided: 1 }, reviewers: [{ id: reviewer.id, ended: { decided: 1 } }], screens: [{ title: 'own' }] }); // prettier-ignore
    expect(own.days).toHaveLength(7);
    expect(await report(reviewer, { reviewer: operator.id })).toBe('FORBIDDEN');
    expect(await report(operator, { reviewer: 'a\0b' })).toBe('INPUT_INVALID');
    expect(await report(operator, {}, { zone: 'Nowhere', days: 7 })).toBe('INPUT_INVALID');
    expect(await report(await api.as('admin', 'other'))).toMatchObject({ ended: { decided: 0 } });
  });

  it('are dear: few reports are in one request', async () => {
    const reports = (count: number) =>
      `query ($p: TeamPeriod!) { ${Array.from({ length: count }, (_, n) => `r${n}: teamReport(period: $p) { takenBack }`).join(' ')} }`;
    expect((await operator.ask(reports(4), { p: WEEK })).errors).toBeUndefined();
    expect((await operator.ask(reports(5), { p: WEEK })).errors?.[0]?.extensions.code).toBe('QUERY_TOO_COSTLY');
  });

  it('go into a spreadsheet without becoming formulas, and lose nothing', async () => {
    const { text, headers } = await csv('tasks', {}, operator).expect(200);
    expect(headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename=tasks.csv' });
    const rows = rowsOf(text);
    expect(rows.map(({ subject }) => subject)).toEqual([...FORMULAS.map((formula) => `'${formula}`), ...HARMLESS, 'own']);
    expect(rows.map(({ title, reviewer: by }) => [title, by])).toEqual(rows.map(({ subject }, at) => [subject, at === rows.length - 1 ? reviewer.displayName : subject])); // prettier-ignore
    expect(rows[0]).toMatchObject({ workflow: 'orders', state: 'decided', late: 'no', due: '', 'minutes since opened': '1.5' });
    expect(text.split('\r\n').filter((line) => /(^|,)"?[=+\-@\t\r\n＝]/.test(line))).toEqual([]);
    const others = await Promise.all(['reviewers', 'screens', 'days'].map((table) => csv(table, { bom: 1 }, operator).expect(200)));
    expect(others.map((answer) => answer.text.codePointAt(0))).toEqual([0xfeff, 0xfeff, 0xfeff]);
    expect(others.map((answer) => rowsOf(answer.text).length)).toEqual([2, 1, 7]);
    // Of tasks that several people answer; today is the last day.
    const id = (await csv('tasks', {}, operator)).text.split('\r\n').at(-2)?.split(',')[0];
    const by = { id: reviewer.id, name: reviewer.displayName, kind: 'user' };
    await api.database.pool.query(`INSERT INTO task_history (tenant, task_id, kind, actor) VALUES ('default', $1, 'reviewed', $2)`, [id, JSON.stringify(by)]); // prettier-ignore
    const answers = await Promise.all(['reviewers', 'screens', 'days'].map(async (table) => rowsOf((await csv(table, {}, operator)).text)));
    expect(answers.map((rows) => rows.map((row) => row['answers']))).toEqual([['0', '1'], ['1'], ['0', '0', '0', '0', '0', '0', '1']]);
  });

  it('are given as CSV to whom the pages would show them, and to nobody else', async () => {
    await csv('tasks', {}).expect(401);
    await csv('tasks', { reviewer: operator.id }, reviewer).expect(403);
    expect(rowsOf((await csv('tasks', {}, reviewer).expect(200)).text).map(({ subject }) => subject)).toEqual(['own']);
    expect(rowsOf((await csv('tasks', {}, await api.as('admin', 'other')).expect(200)).text)).toEqual([]);
    const refused = await Promise.all([csv('secrets', {}, operator), csv('tasks', { days: 'x' }, operator), csv('tasks', { day: 7 }, operator), csv('tasks', { zone: ['UTC', 'UTC'] }, operator)]); // prettier-ignore
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [400, 'INPUT_INVALID']));
    expect((await csv('tasks', { workflow: randomUUID() }, operator).expect(200)).text).toBe('task,run,workflow,screen,title,subject,state,reviewer,opened,taken,ended,due,late,minutes since opened,minutes since taken,minutes in business time\r\n'); // prettier-ignore
  });
});
