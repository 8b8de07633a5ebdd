import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { LanguageModel } from '../services/language-model.js';
import { Model } from './model.js';
import { SelfModifyingWorkflowModule } from './self-modifying-workflow.module.js';
import { selfModifyingWorkflow } from './self-modifying-workflow.workflow.js';
import type { Plan } from './steps/ask-model.step.js';

const GOAL = { text: 'Write about otters' };
const work = (id: string, handler: string, about: string) => ({ id, handler, params: { about } });
const PLAN: Plan = { text: 'a plan', work: [work('facts', 'research', 'otters'), work('text', 'draft', 'otters')] };

/** Finds while it researches that something else must be looked up first, and after the draft that it wants a check. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  'planner: Write about otters': PLAN,
  'research: otters': { text: 'They hold hands.', work: [work('seas', 'research', 'the sea')], position: 0 },
  'research: the sea': { text: 'It is cold.', work: [] },
  'draft: otters': { text: 'Otters in the cold sea.', work: [work('review', 'check', 'the draft'), PLAN.work[0]] },
  'check: the draft': { text: 'Well said.', work: [] },
};
const RESULT = [
  { id: 'facts', text: 'They hold hands.' },
  { id: 'seas', text: 'It is cold.' },
  { id: 'text', text: 'Otters in the cold sea.' },
  { id: 'review', text: 'Well said.' },
];

describe('a workflow that adds to its own work', () => {
  let answers = ANSWERS;
  const asked: string[] = [];
  const model = new LanguageModel('none', ([message]) => {
    const question = `${message?.from ?? ''}: ${message?.text ?? ''}`;
    asked.push(question);
    const answer = answers[question];
    return { tool: 'none', text: JSON.stringify(Array.isArray(answer) ? answer[asked.length - 1] : answer) };
  });
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    options = { workflows: [SelfModifyingWorkflowModule], providers: [{ provide: Model, useValue: new Model(await model.listen()) }] };
  });
  beforeEach(async () => {
    answers = ANSWERS;
    asked.length = 0;
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => model.close());

  it('puts new work before what is still to be done, or behind it, and does nothing twice', async () => {
    const run = await t.start(selfModifyingWorkflow, GOAL);
    expect(await run.output()).toEqual(RESULT);
    expect(asked).toEqual(Object.keys(ANSWERS));
  });

  it('asks again for a plan that names a worker that there is not, and goes by none of it', async () => {
    const wrong = { text: 'a plan', work: [work('harm', 'delete-everything', 'otters')] };
    answers = { ...ANSWERS, 'planner: Write about otters': [wrong, { text: 'a better one', work: [] }] };
    const run = await t.start(selfModifyingWorkflow, GOAL);
    expect(asked.length).toBe(1);
    await t.advance('1s');
    expect([await run.output(), asked.length]).toEqual([[], 2]);
    answers = { 'planner: Write about otters': wrong };
    const hopeless = await t.start(selfModifyingWorkflow, GOAL);
    await t.advance('1m');
    expect(await hopeless.error()).toMatchObject({
      code: 'INJECTION_HANDLER_UNKNOWN',
      message: expect.stringContaining('delete-everything'),
    });
  });

  it('ends when the plan grows without end', async () => {
    const more = (from: number) => Array.from({ length: 8 }, (_, index) => work(`more-${from + index}`, 'research', 'otters'));
    answers = { ...ANSWERS, 'research: otters': { text: 'Hm.', work: more(0) }, 'draft: otters': { text: 'Hm.', work: more(8) } };
    const run = await t.start(selfModifyingWorkflow, GOAL);
    expect(await run.error()).toMatchObject({ code: 'INJECTION_LIMIT' });
  });

  const scenario = async (kit: TestKit) => {
    asked.length = 0;
    const run = await kit.start(selfModifyingWorkflow, GOAL);
    expect(await run.output()).toEqual(RESULT);
    expect(new Set(asked)).toEqual(new Set(Object.keys(ANSWERS)));
  };

  it('adds each piece of work once, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(5);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    await scenario(t);
  });
});
