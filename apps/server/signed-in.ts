import type { Viewer, WithViewer } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';

/** Who is asking, behind a policy that lets nobody else in. */
export function signedIn({ viewer }: WithViewer): Viewer {
  if (!viewer) throw new StepwellError('NOT_SIGNED_IN');
  return viewer;
}
