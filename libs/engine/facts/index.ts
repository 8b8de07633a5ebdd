/** Every fact type ever released. A new one is a definition in this folder and a line here. */
import * as attempt from './attempt.facts.js';
import * as checkpoint from './checkpoint.facts.js';
import * as child from './child.facts.js';
import * as context from './context.facts.js';
import * as effect from './effect.facts.js';
import * as escalation from './escalation.facts.js';
import * as event from './event.facts.js';
import type { FactType } from './fact.js';
import * as fork from './fork.facts.js';
import * as inject from './inject.facts.js';
import * as interceptor from './interceptor.facts.js';
import * as item from './item.facts.js';
import * as incident from './incident.facts.js';
import * as loop from './loop.facts.js';
import * as migration from './migration.facts.js';
import * as node from './node.facts.js';
import * as pause from './pause.facts.js';
import * as policy from './policy.facts.js';
import * as retry from './retry.facts.js';
import * as run from './run.facts.js';
import * as scope from './scope.facts.js';
import * as signal from './signal.facts.js';
import * as stop from './stop.facts.js';
import * as undo from './undo.facts.js';

function isFactType(value: unknown): value is FactType {
  return typeof value === 'object' && value !== null && 'apply' in value;
}

export const FACT_TYPES: ReadonlyMap<string, FactType> = new Map(
  [
    run,
    attempt,
    context,
    node,
    event,
    escalation,
    effect,
    checkpoint,
    child,
    fork,
    incident,
    inject,
    interceptor,
    item,
    migration,
    pause,
    policy,
    retry,
    scope,
    loop,
    signal,
    stop,
    undo,
  ]
    .flatMap((module) => Object.values(module as Record<string, unknown>).filter(isFactType))
    .map((type) => [type.type, type]),
);
