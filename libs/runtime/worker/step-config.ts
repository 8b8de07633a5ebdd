/** The settings of a step, with the secrets among them looked up, and what keeps their values out of everything that is written down. */
import { type Json, StepwellError } from '@stepwell/contracts';
import type { Secrets, StepFault } from '@stepwell/engine';
import { type AccessPolicy, type Config, secretNameOf } from '@stepwell/sdk';

/** A shorter one would be found in texts that have nothing to do with it. */
const SHORTEST = 8;

export interface StepConfig {
  readonly values: Readonly<Record<string, Json>>;
  readonly shield: Shield;
}

/** Knows the values of secrets that a step was given. */
export class Shield {
  constructor(private readonly secrets: ReadonlyMap<string, string> = new Map()) {}

  /** With the name of each secret where its value was. */
  text(text: string): string {
    let shielded = text;
    for (const [name, value] of this.secrets)
      for (const form of [value, inJson(value)]) shielded = shielded.replaceAll(form, `[secret ${name}]`);
    return shielded;
  }

  fault(fault: StepFault): StepFault {
    if (this.secrets.size === 0) return fault;
    const { message, stack, fields } = fault;
    return {
      ...fault,
      code: this.text(fault.code),
      message: this.text(message),
      ...(stack === undefined ? {} : { stack: this.text(stack) }),
      ...(fields ? { fields: fields.map((field) => ({ path: this.text(field.path), message: this.text(field.message) })) } : {}),
    };
  }

  /** For logs: any value, as far as it is JSON. */
  fields(fields: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
    if (this.secrets.size === 0 || fields === undefined) return fields;
    try {
      return JSON.parse(this.text(JSON.stringify(fields))) as Record<string, unknown>;
    } catch {
      return { fields: 'left out: they cannot be searched for secrets' };
    }
  }

  /** @throws StepwellError SECRET_EXPOSED when a value that is to be kept holds a secret */
  check(value: unknown, what: string): void {
    if (this.secrets.size === 0) return;
    const text = JSON.stringify(value ?? null);
    for (const [name, secret] of this.secrets) {
      if (text.includes(inJson(secret))) throw new StepwellError('SECRET_EXPOSED', { what, name });
    }
  }
}

/** As it stands in the text of a JSON value. */
function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

export const NOTHING: StepConfig = { values: {}, shield: new Shield() };

/** @throws StepwellError SECRET_MISSING */
export async function stepConfig(config: Config, access: AccessPolicy | null, secrets: Secrets, stepId: string): Promise<StepConfig> {
  const values: Record<string, Json> = {};
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(config)) {
    if (access?.config?.includes(key) === false) continue;
    const name = secretNameOf(value);
    if (name === undefined) {
      values[key] = value as Json;
      continue;
    }
    const looked = await secrets.get(name);
    if (looked === undefined || looked.length < SHORTEST)
      throw new StepwellError('SECRET_MISSING', { id: stepId, key, name, shortest: SHORTEST });
    values[key] = looked;
    found.set(name, looked);
  }
  return { values, shield: new Shield(found) };
}
