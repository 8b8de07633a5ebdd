import { UnknownDependenciesException } from '@nestjs/core/errors/exceptions/unknown-dependencies.exception.js';
import { StepwellError } from '@stepwell/contracts';
import { argumentName } from './handler-check.js';

/**
 * What stops a boot, as one sentence that says what to do. Nest's page about a dependency that nobody provides becomes
 * HANDLER_UNRESOLVED; everything else is returned as it came.
 */
export function explainBootError(error: unknown): unknown {
  if (!(error instanceof UnknownDependenciesException)) return error;
  const { index, key, name } = error.context;
  const wanted = typeof name === 'function' ? name.name : String(name ?? 'it');
  const place = key === undefined ? argumentName(index ?? 0) : `property "${String(key)}"`;
  const handler = String(error.type);
  const advice = `Add ${wanted} to the providers of the module that provides ${handler}.`;
  return new StepwellError('HANDLER_UNRESOLVED', { handler, argument: `${place} (${wanted})`, advice }, { cause: error });
}
