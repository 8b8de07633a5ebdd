import { StepwellError } from '@stepwell/contracts';

/**
 * What a step's handler gets to see of its run. What is denied is not there at all: not in `ctx`, and not in what its `params` function
 * reads; reading a denied result throws `ACCESS_DENIED`. A section that is left out is allowed.
 */
export interface ContextAccess {
  /**
   * `ctx.input`, results, answers and signals, `ctx.item`, `ctx.error`; or some of it: fields of the input (`'customer.email'`) and results of nodes
   * by their ids, and then neither item, error nor signals.
   */
  readonly data?: boolean | { readonly input?: readonly string[]; readonly results?: readonly string[] };
  /** `ctx.config`; or some of it, by name. */
  readonly config?: boolean | readonly string[];
  /** `ctx.actor`: who started the run. */
  readonly audit?: boolean;
  /** `ctx.runId` and `ctx.tenant`. */
  readonly runtime?: boolean;
}

/** Access with every section said; null for all of it. */
export interface AccessPolicy {
  readonly input: readonly string[] | null;
  readonly results: readonly string[] | null;
  readonly items: boolean;
  readonly config: readonly string[] | null;
  readonly audit: boolean;
  readonly runtime: boolean;
}

/** @throws StepwellError OPTION_INVALID, naming the section and what it takes */
export function accessPolicy(access: ContextAccess | undefined, where: string): AccessPolicy | null {
  if (access === undefined) return null;
  const { data = true, config = true, audit = true, runtime = true } = access;
  const refuse = (section: string, takes: string) =>
    new StepwellError('OPTION_INVALID', { where, reason: `access.${section} is ${takes}.` });
  const names = (value: unknown, section: string, takes: string): readonly string[] | null => {
    if (value === true) return null;
    if (value === false || value === undefined) return [];
    if (Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')) return value as readonly string[];
    throw refuse(section, takes);
  };
  const unknown = Object.keys(access).find((key) => !['data', 'config', 'audit', 'runtime'].includes(key));
  if (unknown !== undefined) throw refuse(unknown, 'no section; there are data, config, audit and runtime');
  if (typeof audit !== 'boolean') throw refuse('audit', 'true or false');
  if (typeof runtime !== 'boolean') throw refuse('runtime', 'true or false');
  const parts = typeof data === 'boolean' ? { input: data, results: data } : data;
  return {
    input: names(parts.input, 'data.input', "a list of fields, such as ['customer.email']"),
    results: names(parts.results, 'data.results', "a list of ids of nodes, such as ['triage']"),
    items: data === true,
    config: names(config, 'config', "true, false or a list of names, such as ['region']"),
    audit,
    runtime,
  };
}
