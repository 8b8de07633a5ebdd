import { findNonJson, type Json, type JsonObject, StepwellError } from '@stepwell/contracts';
import {
  type AnyScreen,
  assignmentOf,
  type AssignmentOptions,
  type EscalationStep,
  reviewsAmong,
  screenMetadata,
  type ScreenNode,
  stepMetadata,
  TaskEscalated,
  type TaskEscalatedPayload,
  type Type,
  validated,
} from '@stepwell/sdk';
import type { EvaluateContext } from '../evaluate-context.js';
import type { EventDraft, FactDraft, TaskEscalationDraft } from '../facts/fact.js';
import type { GraphNode } from '../graph/graph.js';
import type { NodeKind } from '../graph/node-kind.js';
import { suggestionOf } from './screen-suggestion.js';

/**
 * A task before a reviewer: opened once, its answer is the output. While nobody decides it, it goes from step to step of its escalation:
 * each is a fact, and a timer as any other. Also an answer by default comes back by the inbox, so that of it and a person's one counts.
 * A handler that an escalation runs stands in a branch of the screen, and is a step as all others; a decision gives the branch up.
 */
export const screenKind: NodeKind<ScreenNode> = {
  kind: 'screen',
  label: (definition) => definition.title,
  handler: (definition) => definition.screen,
  bodies: ({ escalations }) => {
    const branches = escalations.flatMap((one) => (one.what === 'run' ? [{ segment: one.segment, nodes: [one.step] }] : []));
    return branches.length > 0 ? branches : undefined;
  },
  mayTakeNone: ({ escalations }) => escalations.some(({ what }) => what === 'run'),
  emits: ({ escalations }) => (escalations.some(({ what }) => what === 'notify') ? TaskEscalated.name : undefined),
  options: ({ due, undoMs, fixedPriority, refusesOwnWork, reviews, escalations }) => ({
    dueMs: due?.ms ?? null,
    due: due?.business ?? null,
    undoMs,
    priority: fixedPriority || null,
    ownWork: refusesOwnWork ? 'refused' : null,
    reviews: reviews && `${reviews.required} of ${reviews.of}`,
    escalations: escalations.length || null,
  }),

  escalations: ({ escalations }) =>
    escalations.map((one) => ({
      what: one.what,
      whom: one.what === 'assign' || one.what === 'notify' ? one.whom : null,
      handler: one.what === 'run' ? (stepMetadata(one.step.handler as Type<unknown>)?.id ?? one.step.id) : null,
      afterMs: one.after.ms,
      after: one.after.business,
    })),

  advance: (node, iteration, decision, state) => {
    if (!state) return decision.evaluate(node, iteration, 'open');
    if (state.phase === 'completed') return { status: 'completed', output: state.output };
    const { escalated = 0, dueAt } = state;
    const step = node.definition.escalations[escalated];
    // A migration may have shortened the chain. Who has decided may take it back until his answer is read: then the chain goes on.
    if (dueAt === undefined || !step || decision.held.has(state.taskId ?? '')) return decision.wait('task');
    if (dueAt > decision.now) return decision.wait('task', dueAt);
    const handled = step.what === 'run' ? node.bodies.find(({ segment }) => segment === step.segment) : undefined;
    if (handled && decision.advanceBody(handled, iteration).status === 'pending') return decision.wait('task');
    return decision.evaluate(node, iteration, `escalate-${escalated}`);
  },

  evaluate: async (node, iteration, purpose, context) =>
    purpose === 'open' ? open(node, iteration, context) : escalate(node, iteration, context),
};

async function open(node: GraphNode<ScreenNode>, iteration: string, context: EvaluateContext): Promise<readonly FactDraft[]> {
  const { definition, path } = node;
  const screen = context.screen(definition.screen);
  const props = (await screen.props(context.read)) as Json | undefined;
  const bad = findNonJson(props ?? null);
  if (bad) throw new Error(`The props of screen "${definition.id}" are not JSON: at ${bad.path}, ${bad.reason}.`);
  const subject: unknown = screen.subject?.(context.read) ?? definition.title;
  const badSubject = typeof subject === 'string' ? findNonJson(subject)?.reason : 'it is no text';
  if (badSubject !== undefined) throw new Error(`The subject of screen "${definition.id}" cannot be kept: ${badSubject}.`);
  const assignment = definition.assignment?.(context.read);
  if (assignment === null)
    throw new StepwellError('OPTION_INVALID', { where: `Screen "${definition.id}"`, reason: 'its assignee and candidates name nobody.' });
  const reviews = definition.reviews && reviewsAmong(definition.reviews, assignment ?? null, `Screen "${definition.id}", reviews`);
  const suggestion = await suggestionOf(screen, definition.screen, context);
  const display = context.displayAt(node, iteration);
  const id = context.newId();
  const openTask = {
    id,
    path,
    iteration,
    screen: definition.id,
    title: definition.title,
    subject: subject as string,
    instructions: definition.instructions,
    priority: definition.priority(context.read),
    dueAt: definition.due?.end(context.now) ?? null,
    undoMs: definition.undoMs,
    props: props ?? null,
    form: formOf(definition.screen, context.formOf(screen.answer as never)),
    ...(definition.followUp ? { followUpAt: definition.followUp.end(context.now) } : {}),
    ...(assignment ? { assignment } : {}),
    ...(suggestion ? { suggestion } : {}),
    ...(display ? { display } : {}),
    ...(definition.refusesOwnWork ? { refusesOwnWork: true as const } : {}),
    ...(screen.mayDecide ? { asksAuthor: true as const } : {}),
    ...(reviews ? { reviews } : {}),
  };
  const [first] = definition.escalations;
  const payload = first ? { taskId: id, dueAt: first.after.end(context.now) } : { taskId: id };
  return [{ type: 'task.opened', path, iteration, attempt: 1, payload, effects: { openTask } }];
}

async function escalate(node: GraphNode<ScreenNode>, iteration: string, context: EvaluateContext): Promise<readonly FactDraft[]> {
  const { definition, path } = node;
  const { escalated = 0, taskId = '' } = context.state.nodes.get(path, iteration) ?? {};
  const step = definition.escalations[escalated];
  if (!step) return [];
  const dueAt = definition.escalations[escalated + 1]?.after.end(context.now) ?? null;
  const about = { taskId, step: escalated + 1 };
  if (step.what === 'run') return [await handled(step, about, node, iteration, context)];
  let escalateTask: TaskEscalationDraft;
  try {
    escalateTask = await draftOf(step, about, node, context);
  } catch (error) {
    // The author's code threw. A person may have decided meanwhile, so of this, too, the row is the judge.
    const fault = context.faultOf(error);
    const payload = { taskId, step: escalated, what: step.what, fault, dueAt: null };
    escalateTask = { ...about, what: 'fail', reason: fault.message, fault };
    return [{ type: 'task.escalated', path, iteration, attempt: 1, payload, effects: { escalateTask } }];
  }
  const namesNobody = escalateTask.what === 'assign' && !escalateTask.assignment;
  const payload = { taskId, step: escalated, what: step.what, ...whomOf(escalateTask), ...(namesNobody ? { namesNobody } : {}), dueAt };
  const emitEvents = escalateTask.what === 'notify' ? { emitEvents: [notification(escalateTask, node, context)] } : {};
  return [{ type: 'task.escalated', path, iteration, attempt: 1, payload, effects: { escalateTask, ...emitEvents } }];
}

/**
 * What the handler returned is done to the task. Out of attempts, or with what nobody can do, it comes to nothing, and says so; so does an
 * effect outside that is not made again: what it said was said of the task before.
 */
async function handled(
  { step: { id, handler }, segment }: Extract<EscalationStep, { what: 'run' }>,
  about: { readonly taskId: string; readonly step: number },
  node: GraphNode<ScreenNode>,
  iteration: string,
  context: EvaluateContext,
): Promise<FactDraft> {
  const { definition, path } = node;
  const inner = context.state.nodes.get(`${path}/${segment}/${id}`, iteration);
  let fault = inner?.phase === 'completed' ? undefined : inner?.fault;
  let done: { readonly escalateTask: TaskEscalationDraft; readonly as?: 'assign' | 'answer' } | undefined;
  try {
    if (!fault && !inner?.isOfBefore) done = await outcomeOf(inner?.output ?? null, about, node, context);
  } catch (error) {
    fault = context.faultOf(error);
  }
  const name = `"${(handler && stepMetadata(handler)?.id) ?? id}"`;
  const hasRun = inner?.isOfBefore ? 'has run for the task before this one, and is not run again.' : 'has run.';
  const reason = fault ? `${name} came to nothing: ${fault.message}` : `${name} ${hasRun}`;
  const { escalateTask, as } = done ?? { escalateTask: { ...about, what: 'notify', names: [], reason } as const };
  const dueAt = as === 'answer' ? null : (definition.escalations[about.step]?.after.end(context.now) ?? null);
  const came = { ...(as ? { as, ...whomOf(escalateTask) } : {}), ...(fault ? { fault } : {}) };
  const payload = { taskId: about.taskId, step: about.step - 1, what: 'run', ...came, dueAt };
  return { type: 'task.escalated', path, iteration, attempt: 1, payload, effects: { escalateTask } };
}

/** Whom the task is given to, or who is told, as the author said it. */
function whomOf(draft: TaskEscalationDraft): { readonly whom?: readonly string[] } {
  if (draft.what === 'notify') return draft.names.length > 0 ? { whom: draft.names } : {};
  if (draft.what !== 'assign' || !draft.assignment) return {};
  const { assignee, candidateUsers, candidateGroups } = draft.assignment;
  return { whom: [assignee ?? [], candidateUsers ?? [], candidateGroups ?? []].flat() };
}

async function draftOf(
  step: Exclude<EscalationStep, { what: 'run' }>,
  about: { readonly taskId: string; readonly step: number },
  { definition }: GraphNode<ScreenNode>,
  context: EvaluateContext,
): Promise<TaskEscalationDraft> {
  switch (step.what) {
    case 'assign':
      return { ...about, what: 'assign', assignment: step.assignment(context.read) };
    case 'notify':
      return { ...about, what: 'notify', names: step.names(context.read) };
    case 'answer':
      return { ...about, what: 'answer', answer: await checkedAnswer(step.answer(context.read), context.screen(definition.screen)) };
    case 'fail':
      return { ...about, what: 'fail', reason: step.reason };
  }
}

/** @returns undefined when it says nothing of the task */
async function outcomeOf(
  output: Json,
  about: { readonly taskId: string; readonly step: number },
  { definition }: GraphNode<ScreenNode>,
  context: EvaluateContext,
): Promise<{ readonly escalateTask: TaskEscalationDraft; readonly as: 'assign' | 'answer' } | undefined> {
  if (output === null) return undefined;
  const { assign, answer, ...others } = (typeof output === 'object' && !Array.isArray(output) ? output : { output }) as JsonObject;
  if (Object.keys(others).length > 0 || (assign !== undefined && answer !== undefined))
    throw new Error('It returns nothing, { assign } or { answer }.');
  if (answer !== undefined) {
    const checked = await checkedAnswer(answer, context.screen(definition.screen));
    return { as: 'answer', escalateTask: { ...about, what: 'answer', answer: checked } };
  }
  if (assign === undefined) return undefined;
  const assignment = assignmentOf((assign ?? {}) as AssignmentOptions, `Screen "${definition.id}", escalate ${about.step}, assign`);
  return { as: 'assign', escalateTask: { ...about, what: 'assign', assignment: assignment?.(context.read) ?? null } };
}

/** What a person could not answer, no default answers. */
async function checkedAnswer(answer: unknown, { answer: type }: AnyScreen): Promise<Json> {
  const bad = findNonJson(answer ?? null);
  const checked = bad ? undefined : await validated(type as never, answer);
  if (checked?.ok) return answer as Json;
  const fields = checked ? checked.fields : [{ path: bad?.path ?? '', message: bad?.reason ?? '' }];
  const what = fields.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new Error(`The default answer does not fit the form: ${what}.`);
}

function notification(
  { taskId, step, names }: Extract<TaskEscalationDraft, { what: 'notify' }>,
  { path, definition }: GraphNode<ScreenNode>,
  { newId, workflow }: EvaluateContext,
): EventDraft {
  const payload: TaskEscalatedPayload = { taskId, workflow, screen: definition.id, names, step };
  return { id: newId(), name: TaskEscalated.name, payload: { ...payload, names: [...names] }, idempotencyKey: null, path };
}

/** Says which screen asks: its node may have another id, and the pages look for the screen's own component by it. */
function formOf(screen: Type<unknown>, schema: Json): Json {
  return { ...(schema as JsonObject), 'x-screen': screenMetadata(screen)?.id ?? null };
}
