import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { LanguageModel, type ModelMessage, type ModelReply } from '../services/language-model.js';
import { Warehouse } from '../services/warehouse.js';
import { AgentLoopModule } from './agent-loop.module.js';
import { agentLoop } from './agent-loop.workflow.js';
import { Model } from './model.js';
import { Tools } from './tools.js';

const KEY = 'sk-of-the-test';
const QUESTION = { text: 'How heavy are all our anvils?', budget: 1_000 };

/** Searches, counts, multiplies, answers. */
function answersInFourTurns(messages: readonly ModelMessage[]): ModelReply {
  const found = messages.filter(({ from }) => from === 'tool');
  switch (found.length) {
    case 0:
      return { tool: 'search', text: 'anvil' };
    case 1:
      return { tool: 'stock', text: 'anvil' };
    case 2:
      return { tool: 'calculator', text: '12 * 7' };
    default:
      return { tool: 'none', text: `${found.at(-1)?.text ?? ''} kg` };
  }
}

describe('an agent in a loop', () => {
  const [model, warehouse] = [new LanguageModel(KEY, answersInFourTurns), new Warehouse()];
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    const providers = [
      { provide: Model, useValue: new Model(await model.listen()) },
      { provide: Tools, useValue: new Tools(await warehouse.listen()) },
    ];
    options = { workflows: [AgentLoopModule], providers, secrets: { MODEL_KEY: KEY } };
  });
  const calm = () => {
    model.fate = warehouse.fate = () => 'serves';
    model.think = answersInFourTurns;
    model.requests.length = model.billed = 0;
  };
  beforeEach(async () => {
    calm();
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => Promise.all([model.close(), warehouse.close()]));

  it('uses its tools until it knows the answer, and keeps its key to itself', async () => {
    const run = await t.start(agentLoop, QUESTION);
    expect(await run.output()).toMatchObject({ answer: '84 kg', turns: 4 });
    expect(model.billed).toBe(4);
    expect(JSON.stringify(await run.journal())).not.toContain(KEY);
  });

  it('asks the model nothing again that it has answered, when it is killed in the middle', async () => {
    warehouse.fate = ({ path }) => (path.startsWith('/stock') ? 'unavailable' : 'serves');
    const run = await t.start(agentLoop, QUESTION);
    await t.advance('10m');
    await t.crash();
    expect([await run.waitsFor(), model.requests.length]).toEqual([['retry'], 2]);
    warehouse.fate = () => 'serves';
    await t.advance('10m');
    expect([await run.output(), model.requests.length]).toMatchObject([{ answer: '84 kg' }, 4]);
  });

  it('waits when the model is busy, as long as it asks for', async () => {
    model.fate = () => (model.requests.length === 2 ? { busyFor: 45 } : 'serves');
    const run = await t.start(agentLoop, QUESTION);
    await t.advance('44s');
    expect(model.requests.length).toBe(2);
    await t.advance('1s');
    expect([await run.status(), model.billed]).toEqual(['completed', 4]);
  });

  it('stops when its budget is spent', async () => {
    const run = await t.start(agentLoop, { ...QUESTION, budget: 15 });
    expect(await run.output()).toMatchObject({ answer: 'The budget is spent.', turns: 2 });
    expect(model.billed).toBe(2);
  });

  it('fails after ten turns when the model does not come to an end', async () => {
    model.think = () => ({ tool: 'calculator', text: '1 + 1' });
    const run = await t.start(agentLoop, QUESTION);
    expect([await run.error(), model.billed]).toMatchObject([{ code: 'LOOP_CAPPED' }, 10]);
  });

  const scenario = async (kit: TestKit) => {
    calm();
    const run = await kit.start(agentLoop, QUESTION);
    expect([await run.output(), model.billed]).toMatchObject([{ answer: '84 kg' }, 4]);
    // A crash repeats at most the one call whose reply it has lost, and the model knows it by its key.
    expect(model.requests.length).toBeLessThanOrEqual(5);
  };

  it('pays for each reply once, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(12);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    await scenario(t);
  });
});
