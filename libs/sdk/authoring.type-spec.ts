/**
 * The promises of the authoring types, each with a twin that must not compile. Checked by the type check and never run: an unused
 * `@ts-expect-error` is an error too, so a promise that stops holding fails the build.
 */
import type { CaughtError } from './caught-error.js';
import { type EmitterOptions, emitter, type RecordBatch, type RecordContext, type RecordSource } from './emitter.js';
import { secret } from './config.js';
import { cancelBy, event, on } from './event.js';
import type { Flow } from './flow.js';
import type { ScreenHandler, StepHandler } from './handlers.js';
import type { Interceptor } from './interceptor.js';
import type { SplitResult } from './nodes/ab-split.node.js';
import './nodes/cancellation-scope.node.js';
import type { Undo } from './nodes/compensation.node.js';
import './nodes/emit.node.js';
import './nodes/for-each.node.js';
import './nodes/for-each-run.node.js';
import './nodes/inject.node.js';
import type { LoopResult } from './nodes/loop.node.js';
import type { WhenFlow } from './nodes/if.node.js';
import type { BranchResult } from './nodes/parallel.node.js';
import './nodes/router.node.js';
import type { RaceResult } from './nodes/race.node.js';
import './nodes/screen.node.js';
import './nodes/step.node.js';
import './nodes/sub-workflow.node.js';
import type { EventWaitResult } from './nodes/wait-for-event.node.js';
import './nodes/try.node.js';
import './nodes/wait.node.js';
import type { ReadContext } from './read-context.js';
import type { AnswerOf, OutputOf } from './results.js';
import type { StepContext } from './step-context.js';
import type { Suspension } from './suspension.js';
import { workflow } from './workflow.js';

type Exactly<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when its type argument is `true`. */
declare function proves<_Statement extends true>(): void;
/** `typeOf(value).is<T>()` compiles only when the value's type is exactly `T`. */
declare function typeOf<T>(value: T): { is<U>(..._proof: Exactly<T, U> extends true ? [] : [never]): void };
declare function reads(value: unknown): void;

type Severity = 'none' | 'minor' | 'substantial';

class StrikeReport {
  id!: string;
  damage!: string;
}

class Registry {
  file!: (severity: Severity, options: { idempotencyKey: string }) => Promise<{ verdict: string }>;
}

class Triage implements StepHandler<{ severity: Severity }> {
  run(ctx: StepContext<StrikeReport>): { severity: Severity } {
    return { severity: ctx.input.damage ? 'minor' : 'none' };
  }
}

class FileReport implements StepHandler<{ verdict: string }> {
  constructor(private readonly registry: Registry) {}

  async run(ctx: StepContext<StrikeReport>): Promise<{ verdict: string }> {
    const { severity } = ctx.resultOf(Triage);
    return this.registry.file(severity, { idempotencyKey: ctx.idempotencyKey });
  }
}

class SendEmail implements StepHandler<{ id: string }> {
  run(ctx: StepContext<unknown, { to: string }>) {
    return { id: ctx.params.to };
  }
}

class AskOperator implements StepHandler<{ letter: string }> {
  async run(ctx: StepContext): Promise<{ letter: string } | Suspension> {
    if (ctx.isResumed) return ctx.resumeData as { letter: string };
    const { id } = await ctx.createAsyncResult();
    return ctx.resumeWhenComplete(id, { timeout: '1d' });
  }
}

class NeedsOrder implements StepHandler<number> {
  run(ctx: StepContext<{ orderNumber: number }>) {
    return ctx.input.orderNumber;
  }
}

class Decision {
  verdict!: 'accept' | 'reject';
}

class ReviewStrike implements ScreenHandler<{ damage: string }, Decision> {
  readonly answer = Decision;
  props(ctx: ReadContext<StrikeReport>) {
    return { damage: ctx.input.damage };
  }
  suggest(ctx: ReadContext<StrikeReport>) {
    const verdict = ctx.resultOf(Triage).severity === 'minor' ? 'accept' : 'reject';
    return { values: { verdict }, confidence: 0.5, source: Triage } as const;
  }
}

class ReviewOrder implements ScreenHandler<number, Decision> {
  readonly answer = Decision;
  props(ctx: ReadContext<{ orderNumber: number }>) {
    return ctx.input.orderNumber;
  }
}

const StrikeReviewed = event<{ reportId: string; verdict: string }>('strike.reviewed');
const flow = workflow('strike-review', { input: StrikeReport, version: 1 });
declare const read: ReadContext<StrikeReport>;
declare const step: StepContext<StrikeReport>;

// The outline of a whole process compiles, and is a flow of its input at every node.
typeOf(flow).is<Flow<StrikeReport>>();
typeOf(
  flow
    .then(Triage)
    .when(
      (ctx) => ctx.resultOf(Triage).severity !== 'none',
      (yes) =>
        yes
          .screen(ReviewStrike, { due: '4h', reviews: { required: 2, compare: ['verdict'] } })
          .then(SendEmail, { id: 'remind', params: (ctx) => ({ to: ctx.input.id }) }),
    )
    .otherwise((no) => no.wait('1m').then('note', (ctx) => ctx.input.damage))
    .parallel({ letter: (branch) => branch.then(AskOperator), timer: (branch) => branch.wait((ctx) => ctx.input.damage) })
    .then(FileReport, { retry: { attempts: 3, backoff: '1s' }, timeout: '30s' })
    .emit(StrikeReviewed, (ctx) => ({ reportId: ctx.input.id, verdict: ctx.resultOf(FileReport).verdict })),
).is<Flow<StrikeReport>>();

// A handler takes the input that the workflow declares, or one it does not look at.
flow.then(Triage).then(SendEmail, { params: () => ({ to: 'safety' }) });
// @ts-expect-error this step needs another input type
flow.then(NeedsOrder);
// @ts-expect-error this screen needs another input type
flow.screen(ReviewOrder);
// @ts-expect-error the answer has no such field
flow.screen(ReviewStrike, { reviews: { required: 2, compare: ['severity'] } });
// @ts-expect-error the branch is a flow of the same input
flow.when(() => true, (yes) => yes.then(NeedsOrder)); // prettier-ignore
// @ts-expect-error a plain function sees the workflow's input
flow.then('plain', (ctx) => ctx.input.orderNumber);
// @ts-expect-error a screen is no step
flow.then(ReviewStrike);
// @ts-expect-error a step is no screen
flow.screen(Triage);

// Policies read the run as every author's function does.
flow.then(Triage, { retry: { attempts: 2, retryIf: (error, ctx) => error.code === 'SLOW' && ctx.attempt < 2 && ctx.input.damage !== '' } });
flow.then('plain', () => 1, { retry: { attempts: 2, growth: 'linear', retryOn: ['SLOW'], giveUpOn: ['DECLINED'] } });
// @ts-expect-error retryIf sees the workflow's input
flow.then(Triage, { retry: { attempts: 2, retryIf: (_error, ctx) => ctx.input.orderNumber > 1 } });
// @ts-expect-error retryIf says yes or no at once
flow.then(Triage, { retry: { attempts: 2, retryIf: async () => true } });
// @ts-expect-error there is no such growth
flow.then(Triage, { retry: { attempts: 2, growth: 'double' } });

// What stands in for a handler gives what the handler gives.
flow.then(Triage, { when: (ctx) => ctx.input.damage !== '', delay: (ctx) => ctx.input.damage, onFailure: () => ({ severity: 'none' }) });
flow.then(Triage, { deadline: { after: '1h', onBreach: async (failure) => ({ severity: failure.attempt > 1 ? 'minor' : 'none' }) } });
// @ts-expect-error a substitute is what the handler gives
flow.then(Triage, { onFailure: () => ({ severity: 'grave' }) });
// @ts-expect-error so is that of a breach
flow.then(Triage, { deadline: { after: '1h', onBreach: () => 'late' } });
// @ts-expect-error a condition sees the workflow's input
flow.then(Triage, { when: (ctx) => ctx.input.orderNumber > 1 });
// @ts-expect-error a breach needs a time
flow.then(Triage, { deadline: { onBreach: () => ({ severity: 'none' }) } });

// An output is declared and verified as what the handler gives.
class TriageOutput {
  severity!: Severity;
}
flow.then(Triage, { output: TriageOutput, externalEffect: { verify: (ctx) => (ctx.input.damage === '' ? 'unknown' : { happened: true, output: { severity: 'none' } }) } }); // prettier-ignore
flow.then(Triage, { output: { type: 'object' }, externalEffect: true, heartbeatTimeout: '30s' });
// @ts-expect-error this class is no output of the handler
flow.then(Triage, { output: Decision });
// @ts-expect-error a verdict has the output of the handler
flow.then(Triage, { externalEffect: { verify: () => ({ happened: true, output: 'yes' }) } });
// @ts-expect-error what happened has an output
flow.then(Triage, { externalEffect: { verify: () => ({ happened: true }) } });
// @ts-expect-error an effect is external or none
flow.then(Triage, { externalEffect: false });

// Settings are JSON or secrets; a secret is none of the two.
workflow('paid', { version: 1, config: { region: 'eu', key: secret('STRIPE_KEY') } }).then('pay', (ctx) => ctx.config['key'] as string);
// @ts-expect-error a function is no setting
workflow('paid', { version: 1, config: { key: () => 'x' } });
flow.then(Triage, { access: { data: { input: ['damage'], results: [] }, config: ['region'], audit: false } });
// @ts-expect-error there is no such section
flow.then(Triage, { access: { secrets: false } });
// @ts-expect-error conditions see no settings
flow.when((ctx) => ctx.config['region'] === 'eu', (yes) => yes.then(Triage)); // prettier-ignore

class Audit implements Interceptor {
  afterStep = (output: unknown) => output;
}
workflow('watched', { input: StrikeReport, version: 1, interceptors: [Audit] });
// @ts-expect-error a class without a hook is no interceptor
workflow('watched', { input: StrikeReport, version: 1, interceptors: [Triage] });

flow.then(Triage, { idempotency: { key: (ctx) => `strike:${ctx.input.id}` }, cache: { key: (ctx) => ctx.input.damage, ttl: '1h' } });
// @ts-expect-error a key is a text
flow.then(Triage, { idempotency: { key: () => 7 } });
// @ts-expect-error a cache needs a time
flow.then(Triage, { cache: { key: (ctx) => ctx.input.damage } });

// Params: asked for exactly when the handler has some, and of its type.
// @ts-expect-error params are missing
flow.then(SendEmail);
// @ts-expect-error params are missing beside the other options
flow.then(SendEmail, { id: 'remind' });
// @ts-expect-error a number is no text
flow.then(SendEmail, { params: () => ({ to: 1 }) });
// @ts-expect-error this handler takes no params
flow.then(Triage, { params: () => ({ to: 'x' }) });
// @ts-expect-error params see the workflow's input
flow.then(SendEmail, { params: (ctx) => ({ to: ctx.input.address }) });

// An undo gets what its step has returned, and the params it had.
class Recall implements StepHandler<null> {
  run(ctx: StepContext<unknown, Undo<{ id: string }, { to: string }>>) {
    reads([ctx.params.output.id, ctx.params.params.to]);
    return null;
  }
}
flow.then(SendEmail, { params: () => ({ to: 'safety' }), compensate: Recall });
// @ts-expect-error the undo is of a step with another output
flow.then(FileReport, { compensate: Recall });
// @ts-expect-error a screen undoes nothing
flow.then(FileReport, { compensate: ReviewStrike });

// Results by token: the type that the class returns, in conditions, params, payloads and steps.
proves<Exactly<OutputOf<Triage>, { severity: Severity }>>();
typeOf(step.resultOf(Triage)).is<{ severity: Severity }>();
typeOf(read.resultOf(FileReport)).is<{ verdict: string }>();
typeOf(read.resultOf(SendEmail, 'remind')).is<{ id: string }>();
typeOf(read.maybeResultOf(Triage)).is<{ severity: Severity } | undefined>();
typeOf(read.resultOf<{ letter: BranchResult<string> }>('ask')).is<{ letter: BranchResult<string> }>();
typeOf(read.resultOf('triage')).is<unknown>();
// @ts-expect-error "huge" is no severity
flow.then(Triage).when((ctx) => ctx.resultOf(Triage).severity === 'huge', (yes) => yes.wait('1m')); // prettier-ignore
// @ts-expect-error the output has no such field
reads(read.resultOf(Triage).verdict);
// @ts-expect-error it may not have run
reads(read.maybeResultOf(Triage).severity);
// @ts-expect-error what is read by id alone has no type until the author says which
reads(read.resultOf('triage').severity);
// @ts-expect-error a screen has an answer, not a result
read.resultOf(ReviewStrike);

// A suspension is not a result.
proves<Exactly<OutputOf<AskOperator>, { letter: string }>>();
typeOf(read.resultOf(AskOperator)).is<{ letter: string }>();
// @ts-expect-error suspensions never reach a reader
reads(read.resultOf(AskOperator).asyncResultId);

// Answers have the type of the answer class.
proves<Exactly<AnswerOf<ReviewStrike>, Decision>>();
typeOf(read.answerOf(ReviewStrike)).is<Decision>();
typeOf(read.maybeAnswerOf(ReviewStrike)).is<Decision | undefined>();
// @ts-expect-error "perhaps" is no verdict
flow.when((ctx) => ctx.answerOf(ReviewStrike).verdict === 'perhaps', (yes) => yes.wait('1m')); // prettier-ignore
// @ts-expect-error a step has a result, not an answer
read.answerOf(Triage);
// @ts-expect-error a screen that reads what its answer class does not have
class _Wrong implements ScreenHandler<null, Decision> { readonly answer = StrikeReport; props = () => null } // prettier-ignore

// A screen suggests parts of its answer, and nothing else.
// @ts-expect-error a number is no verdict
class _Wrong4 implements ScreenHandler<null, Decision> { readonly answer = Decision; props = () => null; suggest = () => ({ values: { verdict: 3 } }) } // prettier-ignore

// Handlers promise what they return; the builder has no other place where it is checked.
// @ts-expect-error a string is no severity
class _Wrong2 implements StepHandler<{ severity: Severity }> { run() { return { severity: 'huge' } } } // prettier-ignore
// @ts-expect-error there is no such thing to read on a context
class _Wrong3 implements StepHandler<number> { run(ctx: StepContext) { return ctx.results } } // prettier-ignore

// Conditions are booleans.
// @ts-expect-error a number is no condition
flow.when((ctx) => ctx.resultOf(Triage).severity.length, (yes) => yes.wait('1m')); // prettier-ignore

// The item of a for-each has the type of the list.
flow.forEach((ctx) => [ctx.input.damage.length], (each, numberOf) => each.when((ctx) => numberOf(ctx) > 3, (yes) => yes.wait('1m'))); // prettier-ignore
flow.forEach(async () => ['a'], (each, textOf) => each.then(SendEmail, { params: (ctx) => ({ to: textOf(ctx) }) })); // prettier-ignore
// @ts-expect-error a number is no text
flow.forEach(() => [1], (each, numberOf) => each.then(SendEmail, { params: (ctx) => ({ to: numberOf(ctx) }) })); // prettier-ignore
// @ts-expect-error a text is no list
flow.forEach((ctx) => ctx.input.id, (each) => each.wait('1m')); // prettier-ignore
// @ts-expect-error what ctx.item is, the author has to say
reads(read.item.id);

// A loop says what the turn before came to, in the type that its author gives it.
flow.loop<{ cursor: string }>((turn, before) => turn.then(SendEmail, { params: (ctx) => ({ to: before(ctx)?.cursor ?? '' }) }), { until: (ctx) => ctx.resultOf(SendEmail).id === '' }); // prettier-ignore
typeOf(read.resultOf<LoopResult<{ cursor: string }>>('loop-1').output.cursor).is<string>();
// @ts-expect-error there may have been no turn before
flow.loop<{ cursor: string }>((turn, before) => turn.then(SendEmail, { params: (ctx) => ({ to: before(ctx).cursor }) }), { maxIterations: 3 }); // prettier-ignore
// @ts-expect-error a number is no condition
flow.loop((turn) => turn.then(Triage), { while: (ctx) => ctx.index });
// @ts-expect-error a loop has to end
flow.loop((turn) => turn.then(Triage));
// @ts-expect-error a turn is a flow of the same input
flow.loop((turn) => turn.then(NeedsOrder), { maxIterations: 3 });

// Only what directly follows a when may be its else.
const open: WhenFlow<StrikeReport> = flow.when((ctx) => ctx.input.damage === '', (yes) => yes.wait('1m')); // prettier-ignore
open.elseIf(() => true, (yes) => yes.wait('2m')).otherwise((no) => no.wait('3m')); // prettier-ignore
// @ts-expect-error no when before it
flow.otherwise((no) => no.wait('1m'));
// @ts-expect-error no when before it
flow.elseIf(() => true, (yes) => yes.wait('1m')); // prettier-ignore
// @ts-expect-error a step stands between
open.then(Triage).otherwise((no) => no.wait('1m'));
// @ts-expect-error the else is closed already
open.otherwise((no) => no.wait('1m')).otherwise((no) => no.wait('1m'));

// A router by value knows the values: each has its route, or there is a default.
const severity = (ctx: ReadContext<StrikeReport>) => ctx.resultOf(Triage).severity;
flow.route(severity, { none: (one) => one.wait('1m'), minor: (one) => one.wait('2m'), substantial: (one) => one.then(Triage) });
flow.route(severity, { substantial: (one) => one.then(Triage) }, { otherwise: (one) => one.wait('1m') });
flow.route((ctx) => ctx.input.damage, { bent: (one) => one.wait('1m') });
flow.route((ctx) => ctx.input.damage !== '', { true: (one) => one.wait('1m'), false: (one) => one.wait('2m') });
flow.route({ dented: { when: (ctx) => ctx.input.damage !== '', branch: (one) => one.wait('1m') } }, { otherwise: (one) => one.wait('1m') });
// @ts-expect-error "substantial" has no route, and there is no default
flow.route(severity, { none: (one) => one.wait('1m'), minor: (one) => one.wait('2m') });
// @ts-expect-error "huge" is no severity
flow.route(severity, { huge: (one) => one.wait('1m') }, { otherwise: (one) => one.wait('1m') });
// @ts-expect-error an object is no name of a route
flow.route((ctx) => ctx.input, { bent: (one) => one.wait('1m') });
// @ts-expect-error a condition is a boolean
flow.route({ dented: { when: (ctx) => ctx.input.damage, branch: (one) => one.wait('1m') } });
// @ts-expect-error a route is a flow of the same input
flow.route((ctx) => ctx.input.damage, { bent: (one) => one.then(NeedsOrder) });

// A split has weights, and its output says which variant it was.
flow.abSplit({ control: { weight: 2 }, fresh: { weight: 1, branch: (one) => one.then(Triage) } }, { by: (ctx) => ctx.input.id });
typeOf(read.resultOf<SplitResult<{ severity: Severity }>>('ab-split-1').output.severity).is<Severity>();
// @ts-expect-error a variant has a weight
flow.abSplit({ control: {} });
// @ts-expect-error a variant is a flow of the same input
flow.abSplit({ fresh: { weight: 1, branch: (one) => one.then(NeedsOrder) } });
// @ts-expect-error who is split is a text
flow.abSplit({ control: { weight: 1 } }, { by: (ctx) => ctx.input });
// @ts-expect-error the output has no such field
reads(read.resultOf<SplitResult>('ab-split-1').variantIndex);

// A try deals with failures, or ends with something, or both; ctx.error is data.
flow.try((body) => body.then(FileReport), { catch: (failed) => failed.then('note', (ctx) => ctx.error.path), finally: (last) => last.wait('1m') }); // prettier-ignore
typeOf(read.error).is<CaughtError>();
typeOf(read.error.cause).is<CaughtError | undefined>();
// @ts-expect-error neither a catch nor a finally
flow.try((body) => body.then(FileReport), { id: 'file' });
// @ts-expect-error a try is nothing by itself
flow.try((body) => body.then(FileReport));
// @ts-expect-error it may not have failed
reads(read.maybeError.message);
// @ts-expect-error the stack is for people, not for branches
reads(read.error.stack);
// @ts-expect-error the catch is a flow of the same input
flow.try((body) => body.then(FileReport), { catch: (failed) => failed.then(NeedsOrder) });

// A race has one winner, which tells what its output is.
flow.race({ card: (one) => one.then(FileReport), wire: (one) => one.wait('1m') }, { first: 'settled' });
type Paid = RaceResult<{ card: { verdict: string }; wire: null }>;
const paid = read.resultOf<Paid>('race-1');
if (paid.winner === 'card') typeOf(paid.output).is<{ verdict: string }>();
// @ts-expect-error the wire may have won
reads(paid.output.verdict);
// @ts-expect-error there is no such branch
reads(paid.winner === 'cash');
// @ts-expect-error the first is a success or settled
flow.race({ card: (one) => one.then(FileReport) }, { first: 'fastest' });
// @ts-expect-error the branch is a flow of the same input
flow.race({ card: (one) => one.then(NeedsOrder) });

// A cancellation scope is a branch like any other.
typeOf(flow.cancellationScope((inner) => inner.then(FileReport), { id: 'file' })).is<Flow<StrikeReport>>();
// @ts-expect-error the branch is a flow of the same input
flow.cancellationScope((inner) => inner.then(NeedsOrder));

// Events carry their payload's type from emit to listener.
step.emit(StrikeReviewed, { reportId: '1', verdict: 'minor' });
// @ts-expect-error the verdict is missing
flow.emit(StrikeReviewed, (ctx) => ({ reportId: ctx.input.id }));
// @ts-expect-error the id is text
flow.emit(StrikeReviewed, () => ({ reportId: 1, verdict: 'minor' }));
// @ts-expect-error the verdict is missing
step.emit(StrikeReviewed, { reportId: '1' });
workflow('follow-up', {
  input: StrikeReport,
  version: 1,
  startOn: [on(StrikeReviewed, ({ payload }) => (payload.verdict === 'minor' ? null : { input: { id: payload.reportId, damage: '' } }))],
});
workflow('follow-up', {
  input: StrikeReport,
  version: 1,
  // @ts-expect-error the listener gives another input than the workflow takes
  startOn: [on(StrikeReviewed, ({ payload }) => ({ input: { orderNumber: payload.reportId } }))],
});
// @ts-expect-error the payload has no such field
on(StrikeReviewed, ({ payload }) => ({ input: payload.reportNumber as string }));
// @ts-expect-error a listener gives { input } or null
on(StrikeReviewed, ({ payload }) => payload);

// A wait for an event and its match know the payload.
flow.waitForEvent(StrikeReviewed, { match: (ctx) => ({ reportId: ctx.input.id }), where: ({ payload }) => payload.verdict === 'minor' });
flow.then('read', (ctx) => ctx.resultOf<EventWaitResult<{ reportId: string }>>('wait-for-event-1').event?.payload.reportId);
// @ts-expect-error the payload has no such field
flow.waitForEvent(StrikeReviewed, { match: () => ({ reportNumber: '1' }) });
// @ts-expect-error the id is text
flow.waitForEvent(StrikeReviewed, { match: () => ({ reportId: 1 }) });
// @ts-expect-error the payload has no such field
flow.waitForEvent(StrikeReviewed, { where: ({ payload }) => payload.reportNumber === '1' });
workflow('cancelable', {
  input: StrikeReport,
  version: 1,
  cancelOn: [cancelBy(StrikeReviewed, (input: StrikeReport) => ({ reportId: input.id }))],
});
// @ts-expect-error the payload has no such field
cancelBy(StrikeReviewed, (input: StrikeReport) => ({ reportNumber: input.id }));

// A sub-workflow is given the input that it takes.
const orders = workflow<{ orderNumber: number }>('orders', { version: 1 });
flow.subWorkflow(orders, () => ({ orderNumber: 1 }), { mode: 'detach' });
// @ts-expect-error the number is no text
flow.subWorkflow(orders, (ctx) => ({ orderNumber: ctx.input.id }));
// @ts-expect-error half an input
flow.subWorkflow(orders, () => ({}));
// A run for each item is given what its workflow takes, made of an item of the list or of a page.
flow.forEachRun(() => ['a'], orders, (text, index) => ({ orderNumber: text.length + index })); // prettier-ignore
flow.forEachRun(async (_ctx, cursor) => ({ items: [1], next: cursor }), orders, (orderNumber) => ({ orderNumber })); // prettier-ignore
// @ts-expect-error a text is no number
flow.forEachRun(() => ['a'], orders, (orderNumber) => ({ orderNumber })); // prettier-ignore
// @ts-expect-error a page has items
flow.forEachRun(() => ({ next: null }), orders, () => ({ orderNumber: 1 })); // prettier-ignore

// What may be injected brings the class of the params that its handler reads.
class LetterParams {
  to!: string;
}
class OtherParams {
  from!: string;
}
class WriteLetter implements StepHandler<{ letter: string }, StrikeReport, LetterParams> {
  run(ctx: StepContext<StrikeReport, LetterParams>) {
    return { letter: `${ctx.params.to} ${ctx.input.id}` };
  }
}
flow.inject(
  { letter: { handler: WriteLetter, params: LetterParams, retry: { attempts: 2 } }, triage: { handler: Triage } },
  { id: 'more' },
);
// @ts-expect-error the params are others
flow.inject({ letter: { handler: WriteLetter, params: OtherParams } });
// @ts-expect-error its params have a class
flow.inject({ letter: { handler: WriteLetter } });
// @ts-expect-error this step needs another input type
flow.inject({ order: { handler: NeedsOrder } });

// A schedule gives the input that the workflow takes.
workflow('nightly', { input: StrikeReport, version: 1, schedule: { cron: '0 3 * * *', input: { id: 'x', damage: '' } } });
// @ts-expect-error half an input
workflow('nightly', { input: StrikeReport, version: 1, schedule: { cron: '0 3 * * *', input: { id: 'x' } } });

// An emitter's source, its records and its cursor belong together.
class Reports implements RecordSource<StrikeReport, { line: number }> {
  async read(ctx: RecordContext<{ line: number }>): Promise<RecordBatch<StrikeReport, { line: number }>> {
    const line = (ctx.cursor?.line ?? 0) + ctx.limit;
    return { records: [{ key: String(line), input: { id: 'x', damage: '' } }], rejected: [], cursor: { line }, done: true };
  }
}
proves<Exactly<ReturnType<typeof emitter<StrikeReport, { line: number }>>, Flow<undefined>>>();
const options: EmitterOptions<StrikeReport, { line: number }> = { version: 1, source: Reports, processor: 'strike-review' };
emitter('strike-intake', options);
// @ts-expect-error a step is no source of records
emitter('strike-intake', { version: 1, source: Triage, processor: 'strike-review' });
// @ts-expect-error a record is not of the declared type
class _Wrong4 implements RecordSource<StrikeReport, null> { async read() { return { records: [{ key: '1', input: { id: 1 } }], rejected: [], cursor: null, done: true } } } // prettier-ignore
// @ts-expect-error the cursor that is read is the one that was given
class _Wrong5 implements RecordSource<StrikeReport, number> { async read(ctx: RecordContext<string>) { return { records: [], rejected: [], cursor: Number(ctx.cursor), done: true } } } // prettier-ignore
