/** A newer version of a workflow that only a share of the new runs is of, beside an older one that has the rest. */
import { StepwellError } from '@stepwell/contracts';

export interface CanaryOptions<In> {
  /** Above 0 and below 100. */
  readonly percent: number;
  /** Runs with the same key are of the same version; without it each run has its own lot. Asked before the input is validated; a pure function. */
  readonly by?: (input: In) => string;
}

/** As the engine takes it. */
export interface Canary {
  /** From 0 to 1, without both. */
  readonly share: number;
  readonly by: ((input: never) => unknown) | undefined;
}

/** @throws StepwellError OPTION_INVALID */
export function canaryOf(where: string, canary: number | CanaryOptions<never> | undefined, isDeprecated: boolean): Canary | undefined {
  if (canary === undefined) return undefined;
  const refuse = (reason: string) => new StepwellError('OPTION_INVALID', { where: `${where}, canary`, reason });
  if (isDeprecated) throw refuse('a deprecated version has no new runs. Leave one of the two options out.');
  const { percent, by = undefined } = typeof canary === 'number' ? { percent: canary } : canary;
  if (!(percent > 0 && percent < 100)) throw refuse(`it is ${percent}; the percentage of new runs is above 0 and below 100.`);
  if (by !== undefined && typeof by !== 'function') throw refuse('by is a function of the input.');
  return { share: percent / 100, by };
}
