import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { StepwellError } from '@stepwell/contracts';
import { priorityOf } from './cap.js';
import { checkId } from './check-id.js';
import { type DurationText, parseDuration } from './duration.js';
import { type OptionNames, refuseUnknown } from './known-options.js';
import { inGraph, PLACED_SCREEN, PLACED_STEP, SCREEN_FIELDS } from './placed-options.js';
import { queueName } from './queue-name.js';
import { type OnExhausted, onExhausted, type RetryOptions, type RetryPolicy, retryPolicy } from './retry.js';
import { type HandlerPolicies, type HandlerPolicy, handlerPolicy } from './step-policies.js';
import { isShare } from './suggestion.js';
import type { Type } from './type.js';

/** Options of a handler; each may be overridden where the handler is placed in a graph. */
export interface StepOptions extends HandlerPolicies {
  readonly id: string;
  /** An attempt that takes longer is aborted, abandoned and fenced. Default: none. */
  readonly timeout?: DurationText;
  readonly retry?: RetryOptions;
  /** Default: `fail`. */
  readonly onExhausted?: OnExhausted;
  /** Runs on workers of this queue; default: the run's own. */
  readonly queue?: string;
  /** From -10 to 10, higher first; default: the run's own. See `PlacementOptions`. */
  readonly priority?: number;
}

export interface ScreenOptions {
  readonly id: string;
  readonly title: string;
  /** One paragraph for the reviewer: what to decide, and how. */
  readonly instructions?: string;
  /** A suggested value of lower confidence counts as open: a person has to look at it. From 0 to 1, default 0.8. */
  readonly openBelow?: number;
}

/** What `@Step` found out about a class; durations in milliseconds. */
export interface StepMetadata {
  readonly id: string;
  readonly timeoutMs: number | null;
  readonly retry: RetryPolicy | null;
  readonly onExhausted: OnExhausted;
  readonly queue: string | null;
  readonly priority: number | null;
  readonly policy: HandlerPolicy;
}

export interface ScreenMetadata extends ScreenOptions {
  readonly openBelow: number;
}

/** One wrong value in five is more than a reviewer catches who only confirms. */
const DEFAULT_OPEN_BELOW = 0.8;

const STEP_OPTIONS: OptionNames<StepOptions> = {
  ...{ id: true, timeout: true, retry: true, onExhausted: true, queue: true, priority: true },
  ...{ output: true, heartbeatTimeout: true, externalEffect: true },
};
const SCREEN_OPTIONS: OptionNames<ScreenOptions> = { id: true, title: true, instructions: true, openBelow: true };

const STEP = Symbol('stepwell.step');
const SCREEN = Symbol('stepwell.screen');

/** Marks a class as a step handler and as a provider. */
export function Step(options: StepOptions): ClassDecorator {
  const where = `@Step "${checkId(options.id)}"`;
  refuseUnknown(where, options, STEP_OPTIONS, [{ names: PLACED_STEP, place: inGraph('.then(TheStep, ...)') }]);
  const metadata: StepMetadata = {
    id: options.id,
    timeoutMs: options.timeout === undefined ? null : parseDuration(options.timeout, `${where}, timeout`),
    retry: options.retry ? retryPolicy(options.retry, where) : null,
    onExhausted: onExhausted(options.onExhausted, where) ?? 'fail',
    queue: queueName(options.queue, where),
    priority: options.priority === undefined ? null : priorityOf(where, options.priority),
    policy: handlerPolicy(options, where),
  };
  return mark(STEP, metadata);
}

/** Marks a class as a screen and as a provider. */
export function Screen(options: ScreenOptions): ClassDecorator {
  const where = `@Screen "${checkId(options.id)}"`;
  refuseUnknown(where, options, SCREEN_OPTIONS, [
    { names: PLACED_SCREEN, place: inGraph('.screen(TheScreen, ...)') },
    { names: SCREEN_FIELDS, place: (field) => `the class: readonly ${field} = ...` },
  ]);
  const { openBelow = DEFAULT_OPEN_BELOW } = options;
  if (!isShare(openBelow)) {
    const reason = `openBelow is ${String(openBelow)}; it is a number from 0 to 1.`;
    throw new StepwellError('OPTION_INVALID', { where, reason });
  }
  const metadata: ScreenMetadata = { ...options, openBelow };
  return mark(SCREEN, metadata);
}

/** @returns what `@Step` declared, or `undefined` when the class has no such decorator */
export function stepMetadata(handler: Type<unknown>): StepMetadata | undefined {
  return Reflect.getMetadata(STEP, handler) as StepMetadata | undefined;
}

/** @returns what `@Screen` declared, or `undefined` when the class has no such decorator */
export function screenMetadata(handler: Type<unknown>): ScreenMetadata | undefined {
  return Reflect.getMetadata(SCREEN, handler) as ScreenMetadata | undefined;
}

function mark(key: symbol, metadata: unknown): ClassDecorator {
  return (target) => {
    Reflect.defineMetadata(key, metadata, target);
    Injectable()(target);
  };
}
