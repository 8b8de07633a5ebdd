import type { Viewer, WithViewer } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import type { Request } from 'express';

/** Who is asking, behind a policy that lets nobody else in. */
export function signedIn({ viewer }: WithViewer): Viewer {
  if (!viewer) throw new StepwellError('NOT_SIGNED_IN');
  return viewer;
}

/**
 * The header `Idempotency-Key`, or the field of a JSON body.
 *
 * @throws StepwellError INPUT_INVALID when it is no text, or when the two differ
 */
export function idempotencyKeyOf({ headers }: Request, inBody?: unknown): string | null {
  const inHeader = headers['idempotency-key'];
  const key = inBody ?? inHeader ?? null;
  if ((key === null || (typeof key === 'string' && key !== '')) && (inHeader === undefined || inHeader === key)) return key;
  throw new StepwellError('INPUT_INVALID', { reason: 'The idempotency key is a text, and the same in the header and in the body.' });
}
