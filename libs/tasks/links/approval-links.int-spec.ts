/** A task is decided by a link once, by whom it is for, and by no look at it. On a real database. */
import { randomUUID } from 'node:crypto';
import { Clock } from '@stepwell/engine';
import { pgSql, readTasks } from '@stepwell/storage';
import { refusal, type SeededTask, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';
import { Answer } from '../../../test/tasks/task-desk.js';
import { type OfferedLink, ScreenProvider } from '../screen-provider.port.js';
import { ApprovalLinks, type ApprovalLinkMode, type LinkCaller } from './approval-links.js';

const HOUR = 3_600_000;

class Offering extends ScreenProvider {
  answerClassOf() {
    return Answer;
  }
  override linksOf(): readonly OfferedLink[] {
    return [
      { label: 'Yes', answer: { verdict: 'yes' } },
      { label: 'No', answer: { verdict: 'no' } },
    ];
  }
  mayDecide() {
    return Promise.resolve(true);
  }
  takeDocuments() {
    return Promise.resolve([]);
  }
}

class HandClock extends Clock {
  time = Date.now();
  now(): number {
    return this.time;
  }
}

describe('a link of a message', () => {
  const clock = new HandClock();
  let desk: TaskDesk;
  let ada: string;
  let bob: string;
  beforeAll(async () => {
    desk = await TaskDesk.open();
    [ada, bob] = [await user('ada'), await user('bob')];
  });
  afterAll(() => desk.close());

  const user = async (name: string): Promise<string> => {
    const id = randomUUID();
    await desk.pool.query(
      `INSERT INTO users (tenant, id, name, display_name, role, password_hash) VALUES ($1, $2, $3, $4, 'reviewer', '!')`,
      [TENANT, id, name, `The ${name}`],
    );
    return id;
  };
  const links = (mode: ApprovalLinkMode = 'signed-in') => new ApprovalLinks(pgSql(desk.pool), desk.tasks, new Offering(), clock, mode);
  const as = (id: string, kind: 'user' | 'api-key' = 'user'): LinkCaller => ({ viewer: { tenant: TENANT, id, kind }, ip: id });
  const nobody: LinkCaller = { viewer: undefined, ip: 'nobody' };
  /** Its tokens for ada: yes, no. */
  const offered = async ({ id }: SeededTask): Promise<[string, string]> => {
    const [task] = await readTasks(pgSql(desk.pool), TENANT, [id]);
    const made = task ? await links().make(TENANT, ada, task) : [];
    return made.map(({ token }) => token) as [string, string];
  };
  const code = async (work: Promise<unknown>) => ((await refusal(work)) as { code: string }).code;

  it('shows what there is to decide, as often as somebody looks, and decides when it is told to', async () => {
    const task = await desk.seed();
    const [yes, no] = await offered(task);
    for (let look = 0; look < 3; look++)
      expect(await links().look(yes, as(ada))).toMatchObject({
        label: 'Yes',
        answer: { verdict: 'yes' },
        person: 'The ada',
        task: { version: 1, status: 'open' },
      });
    expect(await desk.historyKinds(task.id)).toEqual([]);
    expect(await links().decide(yes, 1, as(ada))).toMatchObject({
      status: 'completed',
      answer: { verdict: 'yes' },
      decidedBy: { id: ada, name: 'The ada', kind: 'user' },
    });
    expect(await desk.inbox(task.runId)).toMatchObject([{ kind: 'task.completed', payload: { answer: { verdict: 'yes' } } }]);
    expect(await code(links().decide(yes, 1, as(ada)))).toBe('LINK_USED');
    expect(await code(links().decide(no, 2, as(ada)))).toBe('TASK_CLOSED');
    expect(await desk.historyKinds(task.id)).toEqual(['completed']);
  });

  it('pressed by two at once decides once', async () => {
    const task = await desk.seed();
    const [yes, no] = await offered(task);
    const outcomes = await Promise.allSettled([yes, yes, no, no].map((token) => links().decide(token, 1, as(ada))));
    const verdicts = new Set(outcomes.flatMap((one) => (one.status === 'fulfilled' ? [JSON.stringify(one.value.answer)] : [])));
    expect(verdicts.size).toBe(1);
    expect(await desk.inbox(task.runId)).toHaveLength(1);
    expect(await desk.historyKinds(task.id)).toEqual(['completed']);
  });

  it('is for one person, who has signed in', async () => {
    const [yes] = await offered(await desk.seed());
    for (const use of [(by: LinkCaller) => links().look(yes, by), (by: LinkCaller) => links().decide(yes, 1, by)]) {
      expect(await code(use(nobody))).toBe('NOT_SIGNED_IN');
      expect(await code(use(as(bob)))).toBe('LINK_FOR_OTHERS');
      expect(await code(use(as(ada, 'api-key')))).toBe('LINK_FOR_OTHERS');
      expect(await code(use({ ...as(ada), viewer: { tenant: 'other', id: ada, kind: 'user' } }))).toBe('LINK_FOR_OTHERS');
    }
    expect(await links().decide(yes, 1, as(ada))).toMatchObject({ status: 'completed' });
  });

  it('is enough alone where the installation says so; not for somebody else who has signed in', async () => {
    const [yes, no] = await offered(await desk.seed());
    expect(await code(links('open').decide(yes, 1, as(bob)))).toBe('LINK_FOR_OTHERS');
    expect(await links('open').decide(no, 1, nobody)).toMatchObject({ decidedBy: { id: ada } });
  });

  it('is refused as every other way to decide is: of another version, held by somebody, for others, or not offered at all', async () => {
    const task = await desk.seed();
    const [yes] = await offered(task);
    await desk.tasks.claim({ tenant: TENANT, id: task.id, actor: { id: bob, name: 'Bob', kind: 'user' } });
    expect(await code(links().decide(yes, 1, as(ada)))).toBe('TASK_CLAIMED');
    await desk.tasks.release({ tenant: TENANT, id: task.id, actor: { id: bob, name: 'Bob', kind: 'user' } });
    expect(await code(links().decide(yes, 1, as(ada)))).toBe('VERSION_CONFLICT');
    await desk.pool.query(`UPDATE tasks SET assignee = 'bob' WHERE id = $1`, [task.id]);
    expect(await code(links().decide(yes, (await links().look(yes, as(ada))).task.version, as(ada)))).toBe('TASK_FOR_OTHERS');
    expect(await offered(task)).toEqual([]);
  });

  it('ends after three days, and one that is none is none', async () => {
    const [yes] = await offered(await desk.seed());
    clock.time += 72 * HOUR - 1;
    expect(await links().look(yes, as(ada))).toMatchObject({ label: 'Yes' });
    clock.time += 1;
    expect(await code(links().decide(yes, 1, as(ada)))).toBe('LINK_EXPIRED');
    expect(await code(links().look('x'.repeat(43), as(ada)))).toBe('LINK_INVALID');
    const { rows } = await desk.pool.query(`SELECT FROM approval_links WHERE token_hash = $1`, [yes]);
    expect(rows).toEqual([]);
  });

  it('that is none is not asked for by one address without end; one that is one does not count, nor does who must sign in first', async () => {
    const one = links();
    const [yes] = await offered(await desk.seed());
    for (let look = 0; look < 61; look++) {
      expect(await one.look(yes, as(ada))).toMatchObject({ label: 'Yes' });
      expect(await code(one.look('none', { ...nobody, ip: ada }))).toBe('NOT_SIGNED_IN');
    }
    for (let look = 0; look < 60; look++) expect(await code(one.look('none', as(ada)))).toBe('LINK_INVALID');
    expect(await code(one.look('none', as(ada)))).toBe('TOO_MANY_LINKS');
    expect(await code(one.look('none', as(bob)))).toBe('LINK_INVALID');
  });
});
