/**
 * People are told of their tasks: on a real database, by a real mail server and a real HTTP service, with a clock that the test moves. In one
 * file, however long: to start all that takes longer than the scenes.
 */
import { randomUUID } from 'node:crypto';
import type { Viewer } from '@stepwell/access';
import { type Actor, RunStatus } from '@stepwell/contracts';
import { Clock } from '@stepwell/engine';
import { Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { createPool, keepNotifying, pgSql } from '@stepwell/storage';
import { TaskAssignments, TaskComments, TaskService } from '@stepwell/tasks';
import { IsOptional } from 'class-validator';
import { type Engine, startEngine, TENANT, until } from '../../test/engine/engine.js';
import { NoFeed } from '../../test/engine/no-feed.js';
import { KeepingChannel } from '../../test/notifications/keeping-channel.js';
import { MailServer, type ReceivedMail } from '../../test/notifications/mail-server.js';
import { WEBHOOK_SECRET, WebhookReceiver } from '../../test/notifications/webhook-receiver.js';
import { ScreensOf } from '../../test/tasks/screens-of.js';
import { refusal } from '../../test/tasks/task-desk.js';
import type { NotificationChannel } from './channel.port.js';
import { LinkTokens } from './link-tokens.js';
import { MailChannel } from './mail/mail-channel.js';
import { Notifier, type NotifierParts } from './notifier.js';
import { NotificationPreferences } from './preferences.service.js';
import { WebhookChannel } from './webhook/webhook-channel.js';

class Answer {
  @IsOptional()
  note?: string;
}

@Screen({ id: 'check', title: 'Check the claim' })
class Check implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

interface Claim {
  readonly to?: string;
  readonly groups?: readonly string[];
}

const claim = workflow<Claim>('claim', { version: 1 }).screen(Check, {
  assignee: ({ input }) => input.to ?? null,
  candidateGroups: ({ input }) => input.groups ?? [],
});

class HandClock extends Clock {
  constructor(public time: number) {
    super();
  }
  now(): number {
    return this.time;
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PUBLIC_URL = 'https://stepwell.test';
const ALL = ['assigned', 'opened', 'escalated', 'due-soon', 'overdue', 'comment.mentioned', 'comment.added', 'nobody-left'];
const PLAIN = {
  channels: ['mail', 'webhook'],
  kinds: ALL,
  rhythm: 'at-once',
  dailyAt: '08:00',
  zone: 'UTC',
  quietFrom: null,
  quietUntil: null,
};

describe('people', () => {
  let engine: Engine;
  let mail: MailServer;
  let hook: WebhookReceiver;
  let preferences: NotificationPreferences;
  // Ahead of the database's clock by which causes are written, so that what has happened is due.
  const clock = new HandClock(Math.ceil(Date.now() / (24 * HOUR)) * 24 * HOUR + 12 * HOUR);
  const tokens = new LinkTokens('a key that is long enough for this test');
  const notifiers: Notifier[] = [];

  beforeAll(async () => {
    [engine, mail, hook] = await Promise.all([
      startEngine({ workflows: [claim], providers: [Check] }),
      MailServer.start(),
      WebhookReceiver.start(),
    ]);
    preferences = new NotificationPreferences(pgSql(engine.pool), clock, tokens, ['mail', 'webhook']);
  });
  afterAll(async () => {
    for (const one of notifiers) await one.stop();
    await Promise.all([mail.stop(), hook.stop()]);
    await engine.close();
  });
  afterEach(() => {
    mail.onConnect = () => undefined;
    mail.onMail = () => undefined;
    hook.answer = (response) => response.writeHead(204).end();
  });

  const notifier = async (by: readonly ('mail' | 'webhook')[], pool = engine.pool): Promise<Notifier> => {
    const make = {
      mail: (): NotificationChannel => new MailChannel({ url: mail.url, from: 'Stepwell <stepwell@example.com>' }),
      webhook: (): NotificationChannel => new WebhookChannel({ url: hook.url, secret: WEBHOOK_SECRET, mayBePrivate: true }),
    };
    return started({ channels: by.map((name) => make[name]()), pool });
  };
  const started = async (parts: Partial<NotifierParts> & Pick<NotifierParts, 'channels'>): Promise<Notifier> => {
    const made = new Notifier({ pool: engine.pool, clock, tokens, publicUrl: PUBLIC_URL, ...parts });
    notifiers.push(made);
    // Not by `start`: one that looks by itself takes from those of other tests.
    await keepNotifying(pgSql(engine.pool));
    return made;
  };

  const person = async (name: string, groups: readonly string[] = []): Promise<Viewer> => {
    const id = randomUUID();
    await engine.query(
      `INSERT INTO users (tenant, id, name, display_name, role, password_hash, groups) VALUES ($1, $2, $3, $4, 'reviewer', '!', $5)`,
      [TENANT, id, name, `The ${name}`, groups],
    );
    const session = { tokenHash: '', expiresAt: new Date() };
    return { kind: 'user', tenant: TENANT, id, name, displayName: `The ${name}`, role: 'reviewer', passwordIsOneTime: false, session };
  };
  /** Of somebody with an address that is verified. */
  const reader = async (name: string, groups: readonly string[] = []): Promise<Viewer> => {
    const viewer = await person(name, groups);
    await engine.query(
      `INSERT INTO notification_preferences (tenant, user_id, channels, address, address_nonce, address_asked_at, address_verified_at) VALUES ($1, $2, '{mail}', $3, 'n', now(), now())`,
      [TENANT, viewer.id, `${name}@example.com`],
    );
    return viewer;
  };
  const open = async (input: Claim): Promise<string> => {
    const runId = await engine.start('claim', input);
    await engine.waitFor(runId, RunStatus.waiting);
    return (await engine.query<{ id: string }>('SELECT id FROM tasks WHERE run_id = $1', [runId]))[0]?.id ?? '';
  };
  const mailTo = (name: string): ReceivedMail[] => mail.mails.filter(({ to }) => to.includes(`${name}@example.com`));
  const subjects = (name: string): (string | undefined)[] => mailTo(name).map(({ headers }) => headers['subject']);

  it('are told nothing, and nothing is written for it, while no process sends', async () => {
    await open({ to: 'nobody' });
    expect(await engine.query('SELECT FROM notice_causes')).toEqual([]);
  });

  it('are told of what is theirs, by name and by group; not of what is everybody’s, what they did, or what is decided meanwhile', async () => {
    const sender = await notifier(['mail']);
    const [ada, bob] = [await reader('ada', ['claims']), await reader('bob', ['claims'])];
    const assignments = new TaskAssignments(engine.pool, new ScreensOf(Answer), new NoFeed());
    const bobAsActor: Actor = { id: bob.id, name: 'The bob', kind: 'user' };
    const task = await open({ to: 'ada' });
    await sender.tick();
    expect(subjects('ada')).toEqual(['Yours to decide: Check the claim']);
    expect(mailTo('ada')[0]?.text).toContain(`${PUBLIC_URL}/inbox/${task}`);
    expect(mailTo('bob')).toEqual([]);

    await open({ groups: ['claims'] });
    const gone = await open({ groups: ['claims'] });
    await new TaskService(engine.pool, new ScreensOf(Answer), engine.hints, new NoFeed()).complete({
      ...{ tenant: TENANT, id: gone, actor: bobAsActor, expectedVersion: 1, answer: {} },
    });
    await assignments.reassign(task, {
      tenant: TENANT,
      actor: bobAsActor,
      to: { groups: ['claims'] },
      note: 'Who can?',
      mayReassign: true,
    });
    await sender.tick();
    expect(subjects('bob')).toEqual(['Waits for you or your group: Check the claim']);
    expect(subjects('ada').at(-1)).toBe('2 things about your tasks');
    expect(mailTo('ada').at(-1)?.text).toContain('The bob gave your group a task');
    expect(mailTo('ada').at(-1)?.text).toContain('"Who can?"');

    await engine.query(
      `INSERT INTO task_history (tenant, task_id, kind, details) VALUES ($1, $2, 'escalated', '{"names": ["bob"], "step": 0}')`,
      [TENANT, task],
    );
    await sender.tick();
    expect(subjects('bob').at(-1)).toBe('Nobody has decided it yet: Check the claim');
    await preferences.save(ada, { ...PLAIN, kinds: [] });
    await preferences.save(bob, { ...PLAIN, kinds: [] });
  });

  it('are told an hour before it is due, and when it is', async () => {
    const sender = await notifier(['mail']);
    await reader('dora');
    const task = await open({ to: 'dora' });
    await engine.query('UPDATE tasks SET due_at = $2 WHERE id = $1', [task, new Date(clock.time + 4 * HOUR)]);
    await sender.tick();
    clock.time += 3 * HOUR - MINUTE;
    await sender.tick();
    expect(subjects('dora')).toEqual(['Yours to decide: Check the claim']);
    clock.time += MINUTE;
    await sender.tick();
    clock.time += HOUR;
    await sender.tick();
    expect(subjects('dora').slice(1)).toEqual(['Due within the hour: Check the claim', 'Overdue: Check the claim']);
  });

  it('with a daily digest get one message of all, made once, whoever sends', async () => {
    const senders = [await notifier(['mail']), await notifier(['mail'])];
    const eve = await reader('eve');
    await preferences.save(eve, { ...PLAIN, kinds: ['assigned'], rhythm: 'daily', dailyAt: '09:30', zone: 'Asia/Tokyo' });
    for (let count = 0; count < 3; count++) await open({ to: 'eve' });
    await Promise.all(senders.map((one) => one.tick()));
    // 09:30 in Tokyo.
    const digest = Math.ceil(clock.time / (24 * HOUR)) * 24 * HOUR + HOUR / 2;
    clock.time = digest - MINUTE;
    await Promise.all(senders.map((one) => one.tick()));
    expect(mailTo('eve')).toEqual([]);
    clock.time = digest;
    await Promise.all(senders.map((one) => one.tick()));
    await senders[0]?.tick();
    expect(subjects('eve')).toEqual(['3 things about your tasks']);
    clock.time += 24 * HOUR;
    await Promise.all(senders.map((one) => one.tick()));
    expect(mailTo('eve')).toHaveLength(1);
  });

  it('get a message again, under its id, when its sender dies between sending and marking; and never none', async () => {
    await reader('finn');
    const dying = createPool({ url: engine.database.url, max: 2, applicationName: 'stepwell test' });
    const first = await notifier(['mail'], dying);
    await open({ to: 'finn' });
    // It has the mail, and will say so to a process that can write nothing any more.
    let ended: Promise<void> | undefined;
    mail.onMail = () => {
      ended ??= dying.end();
    };
    await expect(first.tick()).rejects.toThrow(/pool/);
    await ended;
    const second = await notifier(['mail']);
    await second.tick();
    expect(mailTo('finn')).toHaveLength(1);
    clock.time += 2 * MINUTE;
    await second.tick();
    clock.time += 24 * HOUR;
    await second.tick();
    const ids = mailTo('finn').map(({ headers }) => headers['message-id']);
    expect(ids).toEqual([expect.stringMatching(/^<[0-9a-f-]{36}@stepwell>$/), ids[0]]);
  });

  it('are told by a signed webhook, again later when it fails, and are shown what was given up', async () => {
    const gwen = await person('gwen');
    const sender = await notifier(['webhook']);
    const answers = [500, 302, 204];
    hook.answer = (response) =>
      response.writeHead(answers.shift() ?? 410, { location: 'http://127.0.0.1/elsewhere' }).end('x'.repeat(100_000));
    const task = await open({ to: 'gwen' });
    for (const pause of [0, MINUTE / 2, 2 * MINUTE, HOUR]) {
      clock.time += pause;
      await sender.tick();
    }
    expect(hook.received).toHaveLength(3);
    expect(new Set(hook.received.map(({ id, body }) => `${id} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(hook.received.every(({ isSigned }) => isSigned)).toBe(true);
    expect(hook.received[0]?.body).toMatchObject({
      type: 'stepwell.notification',
      data: { to: { name: 'gwen' }, notices: [{ kind: 'assigned', task: { id: task, url: `${PUBLIC_URL}/inbox/${task}` } }] },
    });

    await open({ to: 'gwen' });
    await sender.tick();
    const [dead] = (await preferences.of(gwen)).undelivered;
    expect(dead).toMatchObject({ channel: 'webhook', attempts: 1, error: 'The webhook answers 410: it takes no more messages.' });
    hook.answer = (response) => response.writeHead(200).end();
    const stranger = await person('stranger');
    expect(await refusal(preferences.retry(stranger, dead?.id ?? ''))).toMatchObject({ code: 'NOTIFICATION_NOT_FOUND' });
    expect((await preferences.retry(gwen, dead?.id ?? '')).undelivered).toEqual([]);
    await sender.tick();
    expect(hook.received.at(-1)).toMatchObject({ id: dead?.id, body: { data: { to: { name: 'gwen' } } } });
  });

  it('get mail only at an address that they have confirmed, and none once they have unsubscribed', async () => {
    const sender = await notifier(['mail']);
    const hal = await person('hal');
    const other = await person('other');
    expect(await refusal(preferences.setAddress(hal, 'hal@example.com\r\nBcc: all@example.com'))).toMatchObject({ code: 'INPUT_INVALID' });
    await preferences.setAddress(hal, 'hal@example.com');
    expect(await refusal(preferences.setAddress(hal, 'hal@example.com'))).toMatchObject({ code: 'INPUT_INVALID' });
    await open({ to: 'hal' });
    await sender.tick();
    expect(subjects('hal')).toEqual(['Confirm your address for messages of Stepwell']);
    const token = /notifications\/confirm\/(\S+)/.exec(mailTo('hal')[0]?.text ?? '')?.[1] ?? '';
    expect(await refusal(preferences.confirmAddress(other, token))).toMatchObject({ code: 'LINK_INVALID' });
    expect(await preferences.confirmAddress(hal, token)).toMatchObject({ address: 'hal@example.com', isAddressVerified: true });

    await open({ to: 'hal' });
    await sender.tick();
    const { headers } = mailTo('hal')[1] as ReceivedMail;
    expect(headers).toMatchObject({ 'list-unsubscribe-post': 'List-Unsubscribe=One-Click', 'auto-submitted': 'auto-generated' });
    const unsubscribe = /\/unsubscribe\/([^>]+)>/.exec(headers['list-unsubscribe'] ?? '')?.[1] ?? '';
    expect(await refusal(preferences.unsubscribe(unsubscribe.replace(hal.id, other.id)))).toMatchObject({ code: 'LINK_INVALID' });
    await preferences.unsubscribe(unsubscribe);
    await preferences.unsubscribe(unsubscribe);
    await open({ to: 'hal' });
    await sender.tick();
    expect(mailTo('hal')).toHaveLength(2);

    clock.time += 2 * MINUTE;
    await preferences.setAddress(hal, 'new@example.com');
    expect(await refusal(preferences.confirmAddress(hal, token))).toMatchObject({ code: 'LINK_INVALID' });
    await sender.tick();
    clock.time += 25 * HOUR;
    const late = /notifications\/confirm\/(\S+)/.exec(mailTo('new')[0]?.text ?? '')?.[1] ?? '';
    expect(await refusal(preferences.confirmAddress(hal, late))).toMatchObject({ code: 'LINK_INVALID' });
  });

  it('are told although another message never ends, of its channel or of the author who is asked for its links; and why not, without names of hosts', async () => {
    const channel = new KeepingChannel();
    const never = new Promise<never>(() => undefined);
    const broken = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:25'), { code: 'ECONNREFUSED' });
    const asked: string[] = [];
    const links = {
      sweep: () => Promise.resolve(),
      make: (_: string, id: string) => (asked.push(id), id === jon.id ? never : Promise.resolve([])),
    };
    const ends = new Map([
      ['ivy', () => never],
      ['lou', () => Promise.reject(broken)],
    ]);
    channel.onSend = ({ to }) => ends.get(to.name)?.();
    const [jon] = [await person('jon'), await person('ivy'), await person('kim'), await person('lou')];
    const alarms = new Set<() => void>();
    const after = (_ms: number, ring: () => void) => {
      alarms.add(ring);
      return () => void alarms.delete(ring);
    };
    const sender = await started({ channels: [channel], links, mostMs: 1_000, timers: { after } });
    for (const to of ['ivy', 'jon', 'kim', 'lou']) await open({ to });
    const ticking = sender.tick();
    // That of kim has gone and that of lou has failed, before the time of the two others is over, who are asked for the links and sent to.
    const isSettled = `n.status = 'sent' OR n.error IS NOT NULL`;
    await until(
      async () => [
        (
          await engine.query(
            `SELECT FROM notifications n JOIN users u ON u.id = n.user_id WHERE u.name IN ('kim', 'lou') AND (${isSettled})`,
          )
        ).length,
        [channel.sent.length, asked.includes(jon.id), alarms.size],
      ],
      (found) => JSON.stringify(found) === '[2,[3,true,2]]',
      'Two of four should be settled, and two on their way',
    );
    for (const ring of alarms) ring();
    await ticking;
    expect(channel.sent.map(({ to }) => to.name).sort()).toEqual(['ivy', 'kim', 'lou']);
    expect(asked).toContain(jon.id);
    const left = await engine.query<{ error: string }>(
      `UPDATE notifications SET status = 'dropped' WHERE status = 'queued' RETURNING error`,
    );
    const late = 'It took longer than 1 s.';
    const failed = 'It failed on the way (ECONNREFUSED). The log of the server says how.';
    expect(left.map(({ error }) => error).sort()).toEqual([failed, late, late]);
  });

  it('are told by one channel while the server of the other is silent, or gone; which is left alone until it is back', async () => {
    const sender = await notifier(['mail', 'webhook']);
    const names = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'];
    for (const name of names) {
      await reader(name, ['both']);
      await engine.query(`UPDATE notification_preferences SET channels = '{mail,webhook}' WHERE address = $1`, [`${name}@example.com`]);
    }
    const toTry = async (): Promise<readonly number[]> => {
      const rows = await engine.query<{ attempts: number }>(
        `SELECT attempts FROM notifications WHERE status = 'queued' AND channel = 'mail' ORDER BY attempts`,
      );
      return rows.map(({ attempts }) => attempts);
    };

    // It has the mail, and says nothing.
    const toSay: (() => void)[] = [];
    mail.onMail = () => new Promise<void>((resolve) => toSay.push(resolve));
    const before = hook.received.length;
    const allCame = new Promise<void>((resolve) => {
      hook.answer = (response) => {
        response.writeHead(204).end();
        if (hook.received.length === before + names.length) resolve();
      };
    });
    await open({ groups: ['both'] });
    const slow = sender.tick();
    await allCame;
    expect(await toTry()).toHaveLength(names.length);
    // That of the next task does not wait for it, either.
    hook.answer = (response) => response.writeHead(204).end();
    await open({ to: 'r1' });
    const next = sender.tick();
    await hook.until(({ body }) => body.data.to.name === 'r1' && body.data.notices[0].kind === 'assigned');
    mail.onMail = () => undefined;
    for (const say of toSay) say();
    await Promise.all([slow, next]);
    expect(await toTry()).toEqual([]);

    let calls = 0;
    mail.onConnect = () => (calls++, Object.assign(new Error('Back soon'), { responseCode: 421 }));
    await open({ groups: ['both'] });
    // A connection that was kept would still be served.
    const later = await notifier(['mail', 'webhook']);
    await later.tick();
    expect(hook.received).toHaveLength(before + 2 * names.length + 1);
    expect(await toTry()).toEqual([0, 0, 0, 1, 1, 1, 1, 1]);
    const called = calls;
    clock.time += MINUTE / 2 - 1;
    await later.tick();
    expect(calls).toBe(called);
    clock.time += 1;
    await later.tick();
    expect(await toTry()).toEqual([0, 0, 1, 1, 1, 1, 1, 1]);
    mail.onConnect = () => undefined;
    clock.time += MINUTE;
    await later.tick();
    expect(await toTry()).toEqual([]);
    expect(names.map((name) => mailTo(name).length)).toEqual([3, 2, 2, 2, 2, 2, 2, 2]);
  });

  it('are shown as given up what was to go by a channel that is there no longer', async () => {
    const sue = await reader('sue');
    await open({ to: 'sue' });
    const mails = await notifier(['mail']);
    mail.onEnvelope = (command) => (command === 'RCPT TO' ? Object.assign(new Error('Later'), { responseCode: 450 }) : undefined);
    await mails.tick();
    mail.onEnvelope = () => undefined;
    clock.time += HOUR;
    const without = await notifier(['webhook']);
    await without.start();
    await without.stop();
    expect((await preferences.of(sue)).undelivered).toMatchObject([
      { channel: 'mail', error: 'This installation does not have the channel any more.' },
    ]);
  });

  it('get a backlog as one message', async () => {
    const channel = new KeepingChannel();
    const sender = await started({ channels: [channel] });
    await person('lea');
    const task = await open({ to: 'lea' });
    await engine.query(
      `INSERT INTO notice_causes (tenant, task_id, kind, due_at) SELECT $1, $2, 'reassigned', now() FROM generate_series(1, 400)`,
      [TENANT, task],
    );
    await sender.tick();
    expect(channel.sent.map(({ content }) => (content.is === 'notices' ? content.notices.length + content.more : 0))).toEqual([401]);
  });

  it('are told no more of what is in a message already, once they want no more of it', async () => {
    const channel = new KeepingChannel();
    const sender = await started({ channels: [channel] });
    const [max, ned] = [await person('max'), await person('ned')];
    for (const one of [max, ned]) await preferences.save(one, { ...PLAIN, rhythm: 'daily' });
    for (const to of ['max', 'ned', 'ned']) await open({ to });
    await sender.tick();
    await preferences.save(max, { ...PLAIN, channels: ['mail'] });
    await preferences.save(ned, { ...PLAIN, kinds: ['opened'] });
    clock.time += 24 * HOUR;
    await sender.tick();
    expect(channel.sent).toEqual([]);
  });

  it('are told that a task is due while it is theirs: held by them, or by nobody', async () => {
    const channel = new KeepingChannel();
    const sender = await started({ channels: [channel] });
    const [ole, pia] = [await person('ole', ['due']), await person('pia', ['due'])];
    const task = await open({ groups: ['due'] });
    await sender.tick();
    const told = async (kind: string, until: string, claimedBy: Actor): Promise<string[]> => {
      channel.sent.length = 0;
      await engine.query(
        `UPDATE tasks SET due_at = now(), status = 'claimed', claimed_by = $2, claimed_until = now() + $3::interval WHERE id = $1`,
        [task, claimedBy, until],
      );
      await engine.query(`INSERT INTO notice_causes (tenant, task_id, kind, due_at) VALUES ($1, $2, $3, now())`, [TENANT, task, kind]);
      await sender.tick();
      return channel.sent.map(({ to }) => to.name).sort();
    };
    const oleAsActor: Actor = { id: ole.id, name: 'ole', kind: 'user' };
    expect(await told('due-soon', '1 hour', oleAsActor)).toEqual(['ole']);
    expect(await told('overdue', '-1 hour', oleAsActor)).toEqual(['ole', 'pia']);
    expect(await told('overdue', '1 hour', { id: 'bridge', name: 'Bridge', kind: 'api-key' })).toEqual(['ole', 'pia']);
    // In a message already when somebody takes it.
    await preferences.save(pia, { ...PLAIN, rhythm: 'daily' });
    expect(await told('overdue', '-1 hour', oleAsActor)).toEqual(['ole']);
    await engine.query(`UPDATE tasks SET claimed_until = now() + interval '1 hour' WHERE id = $1`, [task]);
    clock.time += 24 * HOUR;
    channel.sent.length = 0;
    await sender.tick();
    expect(channel.sent).toEqual([]);
  });

  it('are asked for no task that they have answered already, or that is their own work', async () => {
    const channel = new KeepingChannel();
    const sender = await started({ channels: [channel] });
    const [quin, ruth] = [await person('quin', ['shut']), await person('ruth', ['shut'])];
    const task = await open({ groups: ['shut'] });
    const exclude = (one: Viewer) => engine.query('UPDATE tasks SET excluded = $2 WHERE id = $1', [task, [one.id]]);
    const planned = async (kind: string): Promise<string[]> => {
      await engine.query('UPDATE tasks SET due_at = now() WHERE id = $1', [task]);
      await engine.query(`INSERT INTO notice_causes (tenant, task_id, kind, due_at) VALUES ($1, $2, $3, now())`, [TENANT, task, kind]);
      await sender.tick();
      return (await engine.query<{ name: string }>('SELECT u.name FROM notices n JOIN users u ON u.id = n.user_id WHERE n.task_id = $1 AND n.kind = $2 ORDER BY u.name', [task, kind])).map(({ name }) => name); // prettier-ignore
    };
    await exclude(quin);
    await sender.tick();
    expect(channel.sent.map(({ to }) => to.name)).toEqual(['ruth']);
    expect(await planned('due-soon')).toEqual(['ruth']);
    // In a message already when they answer.
    await preferences.save(ruth, { ...PLAIN, rhythm: 'daily' });
    expect(await planned('overdue')).toEqual(['ruth']);
    await exclude(ruth);
    clock.time += 24 * HOUR;
    channel.sent.length = 0;
    await sender.tick();
    expect(channel.sent).toEqual([]);
  });

  it('who operate are told of a task that nobody may decide, also who of them has left it so, and not when it has gone to others meanwhile', async () => {
    const channel = new KeepingChannel();
    const sender = await started({ channels: [channel] });
    const [xena, yuri, zoe] = [await person('xena', ['two']), await person('yuri', ['two']), await person('zoe')];
    await engine.query(`UPDATE users SET role = 'operator' WHERE name IN ('xena', 'zoe')`);
    const actorOf = ({ id, displayName }: Viewer): Actor => ({ id, name: displayName, kind: 'user' });
    const tasks = new TaskService(engine.pool, new ScreensOf(Answer), engine.hints, new NoFeed());
    const assignments = new TaskAssignments(engine.pool, new ScreensOf(Answer), new NoFeed());
    const told = () =>
      channel.sent.flatMap(({ to, content }) =>
        content.is === 'notices' ? content.notices.flatMap(({ kind }) => (kind === 'nobody-left' ? [to.name] : [])) : [],
      );
    const answered = async (): Promise<string> => {
      const id = await open({ groups: ['two'] });
      const reviews = {
        required: 2,
        of: 3,
        isBlind: true,
        compare: null,
        settledBy: null,
        users: null,
        groups: ['two'],
        given: [],
        isDisputed: false,
      };
      await engine.query('UPDATE tasks SET reviews = $2 WHERE id = $1', [id, reviews]);
      await tasks.complete({ tenant: TENANT, id, actor: actorOf(yuri), expectedVersion: 1, answer: { note: 'a' } });
      await sender.tick();
      expect(told()).toEqual([]);
      await tasks.complete({ tenant: TENANT, id, actor: actorOf(xena), expectedVersion: 2, answer: { note: 'b' } });
      return id;
    };
    const id = await answered();
    await sender.tick();
    expect(told().sort()).toEqual(['xena', 'zoe']);
    expect([...(await tasks.leftToNobody(TENANT, [id]))]).toEqual([id]);
    channel.sent.length = 0;
    await assignments.reassign(await answered(), { tenant: TENANT, actor: actorOf(zoe), to: { user: 'zoe' }, mayReassign: true });
    await sender.tick();
    expect(told()).toEqual([]);
  });

  it('are told of comments: whom they mention, and who has the task or spoke about it, each once, never who wrote it; also when it is decided', async () => {
    const channel = new KeepingChannel();
    const sender = await started({ channels: [channel] });
    const [uma, vic, wes] = [await person('uma'), await person('vic'), await person('wes')];
    const taskId = await open({ to: 'uma' });
    const comments = new TaskComments(engine.pool, new NoFeed());
    const actorOf = ({ id, displayName }: Viewer): Actor => ({ id, name: displayName, kind: 'user' });
    const told = async (by: Viewer, text: string) => {
      await sender.tick();
      channel.sent.length = 0;
      const { id } = await comments.add({
        tenant: TENANT,
        taskId,
        actor: actorOf(by),
        text,
        field: null,
        parentId: null,
        idempotencyKey: null,
      });
      await sender.tick();
      const notices = channel.sent.flatMap(({ to, content }) =>
        content.is === 'notices' ? content.notices.map(({ kind, note }) => [to.name, kind, note]) : [],
      );
      return { id, notices: notices.sort() };
    };
    expect((await told(vic, 'Which claim?')).notices).toEqual([['uma', 'comment.added', 'Which claim?']]);
    expect((await told(uma, 'Ask @wes or @vic.')).notices).toEqual(
      ['vic', 'wes'].map((name) => [name, 'comment.mentioned', 'Ask @wes or @vic.']),
    );
    await preferences.save(wes, { ...PLAIN, kinds: ['comment.added'] });
    await preferences.save(vic, { ...PLAIN, kinds: [] });
    await new TaskService(engine.pool, new ScreensOf(Answer), engine.hints, new NoFeed()).complete({
      ...{ tenant: TENANT, id: taskId, actor: actorOf(uma), expectedVersion: 1, answer: {} },
    });
    const { id, notices } = await told(wes, '@wes: it was the right one');
    expect(notices).toEqual([['uma', 'comment.added', '@wes: it was the right one']]);
    expect((await told(uma, 'Good, @wes')).notices).toEqual([['wes', 'comment.added', 'Good, @wes']]);
    channel.sent.length = 0;
    await comments.edit({ tenant: TENANT, taskId, id, actor: actorOf(wes), text: '@wes, @uma: it was the right one' });
    await sender.tick();
    expect(channel.sent.map(({ to }) => to.name)).toEqual(['uma']);
  });

  it('are told by others of what is left when a process stops', async () => {
    const channel = new KeepingChannel();
    const sender = await started({ channels: [channel] });
    for (const name of ['q1', 'q2', 'q3', 'q4', 'q5', 'q6']) await person(name, ['many']);
    let stopped: Promise<void> | undefined;
    channel.onSend = () => {
      stopped ??= sender.stop();
    };
    await open({ groups: ['many'] });
    await sender.tick();
    await stopped;
    expect(channel.sent).toHaveLength(5);
    await (await started({ channels: [channel] })).tick();
    expect(channel.sent).toHaveLength(6);
  });
});
