/** Nodes that are injected into a run, as data: a model, a service or a person may have written them. */
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsNumber, IsObject, IsOptional, IsString, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator'; // prettier-ignore
import type { DurationText } from './duration.js';

/** So many at a time; a run takes as many as its workflow's `maxInjected` says. */
const MOST_AT_ONCE = 100;
const MAX_ID = 100;

/** As of a step's `retry`; what is a function there cannot be injected. */
export class InjectedRetry {
  @IsInt()
  @Min(1)
  attempts!: number;

  @IsOptional()
  @IsString()
  backoff?: DurationText;

  @IsOptional()
  @IsIn(['exponential', 'linear', 'fixed'])
  growth?: 'exponential' | 'linear' | 'fixed';

  @IsOptional()
  @IsString()
  maxBackoff?: DurationText;

  @IsOptional()
  @IsNumber()
  jitter?: number;
}

/** In place of what the workflow says for the handler; the options of a step that are data. */
export class InjectedOptions {
  @IsOptional()
  @ValidateNested()
  @Type(() => InjectedRetry)
  retry?: InjectedRetry;

  @IsOptional()
  @IsString()
  timeout?: DurationText;

  @IsOptional()
  @IsString()
  delay?: DurationText;

  @IsOptional()
  @IsInt()
  @Min(-10)
  @Max(10)
  priority?: number;
}

/** A node to inject. A class, so that what a model answers can be checked by it: `@ValidateNested({ each: true }) @Type(() => InjectedNode)`. */
export class InjectedNode {
  /** Its name in the run: no node of the graph, and none that was injected, has the same. */
  @MaxLength(MAX_ID)
  @Matches(/^[A-Za-z][A-Za-z0-9_-]*$/, { message: 'an id starts with a letter and holds letters, digits, "-" and "_" only' })
  id!: string;

  /** One of the names that the inject point lists. */
  @IsString()
  handler!: string;

  /** What fits the handler's params class. */
  @IsOptional()
  @IsObject()
  params?: object;

  @IsOptional()
  @ValidateNested()
  @Type(() => InjectedOptions)
  options?: InjectedOptions;
}

export class Injection {
  @IsArray()
  @ArrayMaxSize(MOST_AT_ONCE)
  @ValidateNested({ each: true })
  @Type(() => InjectedNode)
  nodes!: readonly InjectedNode[];

  /** 0: before the next one of the point that has not begun. Left out: behind them all. */
  @IsOptional()
  @IsIn([0])
  position?: 0;
}

export interface InjectOptions {
  /** The inject point. Default: the one that the step stands in, else the only one of the workflow. */
  readonly at?: string;
  /** See `Injection`. */
  readonly position?: 0 | undefined;
}

/** What became of an injected node: the output of an inject point is a list of these, in the order in which they ran. */
export interface InjectedResult<Out = unknown> {
  readonly id: string;
  readonly handler: string;
  readonly output: Out;
}

/** `ctx.item` of an injected node: the node itself. */
export interface InjectedItem<P = unknown> {
  readonly id: string;
  readonly handler: string;
  readonly params: P;
}
