/** What of a screen's suggestion reaches its task. */
import {
  ShowIf,
  MoneyField,
  type Money,
  Screen,
  type ScreenHandler,
  Step,
  type StepHandler,
  type Suggestion,
  workflow,
} from '@stepwell/sdk';
import { Type } from 'class-transformer';
import { IsIn, IsInt, Length, ValidateNested } from 'class-validator';
import { RunDriver } from '../testing/run-driver.js';

@Step({ id: 'read-claim' })
class ReadClaim implements StepHandler<number> {
  run() {
    return 1;
  }
}

class Part {
  @IsIn(['wing', 'nose'])
  name!: 'wing' | 'nose';

  @MoneyField({ currency: 'CHF' })
  cost!: Money;
}

class Answer {
  @IsIn(['pay', 'refuse'])
  verdict!: 'pay' | 'refuse';

  @ShowIf({ verdict: 'refuse' })
  @Length(5, 50)
  reason?: string;

  @IsInt()
  days!: number;

  @ValidateNested({ each: true })
  @Type(() => Part)
  parts!: Part[];
}

/** Each field is asked for beside the one before it only. */
class Chain {
  readonly [field: string]: string;
}
const LINKS = Array.from({ length: 25 }, (_, link) => `link${link}`);
for (const [index, link] of LINKS.entries()) {
  IsIn(['on'])(Chain.prototype, link);
  if (index > 0) ShowIf({ [LINKS[index - 1] ?? '']: 'on' })(Chain.prototype, link);
}

@Screen({ id: 'settle', title: 'Settle' })
class FollowChain implements ScreenHandler<null, Chain> {
  readonly answer = Chain;
  props() {
    return null;
  }
  suggest() {
    return { values: Object.fromEntries(LINKS.map((link, index) => [link, index === 0 ? 'off' : 'on'])) };
  }
}

let given: () => Suggestion<Answer> | undefined;

@Screen({ id: 'settle', title: 'Settle', openBelow: 0.7 })
class Settle implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
  suggest() {
    return given();
  }
}

/** What stands in the task. */
async function taken(suggest: () => Suggestion<Answer> | undefined): Promise<unknown> {
  given = suggest;
  return suggestedBy(workflow('claim', { version: 1 }).screen(Settle));
}

async function suggestedBy(claim: Parameters<typeof RunDriver.of>[0]): Promise<unknown> {
  const driver = RunDriver.of(claim);
  await driver.make('commit');
  const [task] = driver.database.tasks.values();
  expect(task).toMatchObject({ screen: 'settle' });
  return task?.suggestion;
}

describe('what a screen suggests', () => {
  it('stands in the task with its confidence and its source; what it says nothing of is no fault', async () => {
    const values = { verdict: 'refuse', reason: 'Too late.', parts: [{ name: 'wing' }] } as const;
    const suggestion = await taken(() => ({ values, confidence: 0.9, fields: { 'parts.0.name': 0.4, days: 1 }, source: ReadClaim }));
    expect(suggestion).toEqual({
      values,
      confidence: 0.9,
      fields: { 'parts.0.name': 0.4 },
      source: 'read-claim',
      openBelow: 0.7,
      leftOut: [],
    });
  });

  it('is left out where it does not fit the answer, however deep, and what then is not asked for with it', async () => {
    const values = {
      verdict: 'perhaps',
      reason: 'Too late.',
      days: '3',
      extra: 1,
      parts: [{ name: 'wing', cost: { amount: '1.234', currency: 'CHF' } }],
    };
    const suggestion = await taken(() => ({ values: values as object, confidence: 7, fields: { parts: Number.NaN } }));
    expect(suggestion).toMatchObject({ values: { parts: [{ name: 'wing' }] }, confidence: null, fields: {}, source: null });
    const { leftOut } = suggestion as { leftOut: { path: string; message: string }[] };
    expect(leftOut.map(({ path }) => path).sort()).toEqual(['', 'days', 'extra', 'parts', 'parts.0.cost', 'reason', 'verdict']);
    expect(leftOut).toContainEqual({ path: '', message: 'its confidence is 7; it is a number from 0 to 1' });
  });

  it('keeps what fits of a long list, and tells a hundred faults and how many more', async () => {
    const right = { name: 'wing', cost: { amount: '1.00', currency: 'CHF' } };
    const wrong = { ...right, extra: 1 };
    const list = (item: unknown, length: number) => Array.from({ length }, () => item);
    const suggestion = await taken(() => ({
      values: { parts: [...list(7, 400), right, ...list(wrong, 100), ...list('x', 2)] } as object,
    }));
    expect(suggestion).toMatchObject({ values: { parts: list(right, 101) } });
    const { leftOut } = suggestion as { leftOut: { path: string; message: string }[] };
    expect([leftOut.length, leftOut.at(-1)]).toEqual([101, { path: '', message: 'And 402 more.' }]);
  });

  it('is left out as a whole when without what is wrong something else is wrong, twenty times', async () => {
    const message = expect.stringContaining('left out 20 times');
    expect(await suggestedBy(workflow('claim', { version: 1 }).screen(FollowChain))).toMatchObject({
      values: {},
      leftOut: [{ path: '', message }],
    });
  });

  it.each([
    ['throws', () => JSON.parse('{') as Suggestion<Answer>, 'JSON'],
    ['is no JSON', () => ({ values: { reason: 'half 👍'.slice(0, 6) } }), 'The suggestion is not JSON: at $.values.reason'],
    ['is no object', () => ({ values: [] as object }), 'The values of the suggestion are no object.'],
    ['is too long', () => ({ values: { reason: 'x'.repeat(300_000) } }), 'The suggestion is longer than 262144 characters.'],
  ])('keeps no task from opening when it %s, which the task says', async (_, suggest, message) => {
    expect(await taken(suggest)).toMatchObject({ values: {}, leftOut: [{ path: '', message: expect.stringContaining(message) }] });
  });

  it('is nothing when there is none', async () => {
    expect(await taken(() => undefined)).toBeUndefined();
  });
});
