/** What a workflow's steps may know beside its data: settings, and secrets by name. A secret's value is never part of a definition, a fact or a log. */
import { findNonJson, type Json, StepwellError } from '@stepwell/contracts';

const SECRET: unique symbol = Symbol('stepwell.secret');

/** Names a secret; its value is looked up when a step begins, and is in that step's `ctx.config` only. */
export interface SecretReference {
  readonly [SECRET]: string;
}

/**
 * @param name as the installation keeps it: the variable `STEPWELL_SECRET_<name>`, or a field of the file in `STEPWELL_SECRETS_FILE`
 * @throws StepwellError OPTION_INVALID for other names than `STRIPE_KEY`
 */
export function secret(name: string): SecretReference {
  if (/^[A-Z][A-Z0-9_]*$/.test(name)) return { [SECRET]: name };
  const reason = 'the name of a secret has capitals, digits and "_" only, such as STRIPE_KEY.';
  throw new StepwellError('OPTION_INVALID', { where: `secret("${name}")`, reason });
}

export type ConfigValue = Json | SecretReference;

/** Of a workflow: `config: { region: 'eu', stripeKey: secret('STRIPE_KEY') }`. */
export type Config = Readonly<Record<string, ConfigValue>>;

/** @returns the name of the secret that a value stands for; undefined for a plain one */
export function secretNameOf(value: ConfigValue): string | undefined {
  return typeof value === 'object' && value !== null && SECRET in value ? value[SECRET] : undefined;
}

/** @throws StepwellError OPTION_INVALID for what is neither JSON nor a secret */
export function configOf(config: Config | undefined, where: string): Config {
  for (const [key, value] of Object.entries(config ?? {})) {
    const bad = secretNameOf(value) === undefined ? findNonJson(value, key) : undefined;
    if (bad)
      throw new StepwellError('OPTION_INVALID', {
        where: `${where}, config`,
        reason: `at ${bad.path}, ${bad.reason}. It takes JSON, or secret('NAME').`,
      });
  }
  return config ?? {};
}
