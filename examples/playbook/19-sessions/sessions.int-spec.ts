import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { Collector } from '../services/collector.js';
import { Agency } from './agency.js';
import { SessionsModule } from './sessions.module.js';
import { sessions } from './sessions.workflow.js';

const TRIP = 'trip-of-ada';
const [TRAIN, ROOM, OPERA] = [
  { what: 'train', cents: 4_000 },
  { what: 'room', cents: 5_000 },
  { what: 'opera', cents: 3_000 },
];

describe('runs of one session', () => {
  const agency = new Collector();
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    options = { workflows: [SessionsModule], providers: [{ provide: Agency, useValue: new Agency(await agency.listen()) }] };
  });
  const calm = () => {
    agency.fate = () => 'serves';
    agency.clear();
  };
  beforeEach(async () => {
    calm();
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => agency.close());

  it('share a budget, and the one that would exceed it books nothing', async () => {
    await t.openSession(TRIP, { leftCents: 10_000, booked: [] });
    for (const booking of [TRAIN, ROOM]) await t.start(sessions, booking, { session: TRIP });
    const opera = await t.start(sessions, OPERA, { session: TRIP });
    expect(await t.sessionData(TRIP)).toEqual({ leftCents: 1_000, booked: ['train', 'room'] });
    expect([await opera.error(), agency.of('bookings')]).toMatchObject([{ code: 'BUDGET_SPENT' }, [TRAIN, ROOM]]);
  });

  it('give back what could not be booked', async () => {
    agency.fate = () => 'unavailable';
    await t.openSession(TRIP, { leftCents: 10_000, booked: [] });
    const run = await t.start(sessions, TRAIN, { session: TRIP });
    expect(await t.sessionData(TRIP)).toEqual({ leftCents: 6_000, booked: ['train'] });
    await t.advance('5s');
    expect([await run.output(), await t.sessionData(TRIP)]).toEqual([{ isBooked: false }, { leftCents: 10_000, booked: [] }]);
  });

  it('are not started in a session that nobody has opened, and book nothing outside of one', async () => {
    await expect(t.start(sessions, TRAIN, { session: 'nowhere' })).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    const run = await t.start(sessions, TRAIN);
    expect([await run.error(), agency.of('bookings')]).toMatchObject([{ code: 'NO_TRIP' }, []]);
  });

  const scenario = async (kit: TestKit) => {
    calm();
    await kit.openSession(TRIP, { leftCents: 10_000, booked: [] });
    agency.fate = ({ body }) => ((body as { what: string }).what === 'room' ? 'unavailable' : 'serves');
    for (const booking of [TRAIN, ROOM]) await kit.start(sessions, booking, { session: TRIP });
    await kit.advance('1m');
    expect([await kit.sessionData(TRIP), agency.of('bookings')]).toEqual([{ leftCents: 6_000, booked: ['train'] }, [TRAIN]]);
  };

  it('make each change once, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(8);
  });

  it('do the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    await scenario(t);
  });
});
