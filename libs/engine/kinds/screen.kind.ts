import { findNonJson, type Json, type JsonObject } from '@stepwell/contracts';
import { type ScreenNode, screenMetadata, type Type } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';

/** A task before a reviewer: opened once, its answer is the output. */
export const screenKind: NodeKind<ScreenNode> = {
  kind: 'screen',
  label: (definition) => definition.title,
  handler: (definition) => definition.screen,
  options: ({ due, undoMs, fixedPriority }) => ({
    dueMs: due?.ms ?? null,
    due: due?.business ?? null,
    undoMs,
    priority: fixedPriority || null,
  }),

  advance: (node, iteration, decision, state) => {
    if (!state) return decision.evaluate(node, iteration, 'open');
    return state.phase === 'completed' ? { status: 'completed', output: state.output } : decision.wait('task');
  },

  evaluate: async (node, iteration, _purpose, context) => {
    const { definition, path } = node;
    const screen = context.screen(definition.screen);
    const props = (await screen.props(context.read)) as Json | undefined;
    const bad = findNonJson(props ?? null);
    if (bad) throw new Error(`The props of screen "${definition.id}" are not JSON: at ${bad.path}, ${bad.reason}.`);
    const subject: unknown = screen.subject?.(context.read) ?? definition.title;
    const badSubject = typeof subject === 'string' ? findNonJson(subject)?.reason : 'it is no text';
    if (badSubject !== undefined) throw new Error(`The subject of screen "${definition.id}" cannot be kept: ${badSubject}.`);
    const assignment = definition.assignment?.(context.read);
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
    };
    return [{ type: 'task.opened', path, iteration, attempt: 1, payload: { taskId: id }, effects: { openTask } }];
  },
};

/** Says which screen asks: its node may have another id, and the pages look for the screen's own component by it. */
function formOf(screen: Type<unknown>, schema: Json): Json {
  return { ...(schema as JsonObject), 'x-screen': screenMetadata(screen)?.id ?? null };
}
