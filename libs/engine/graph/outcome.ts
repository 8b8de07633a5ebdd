import type { Json } from '@stepwell/contracts';
import type { StepFault } from '../facts/step-fault.js';

/** How a node stands, as far as its neighbours care. What has completed or failed once stays so. */
export type Outcome =
  | { readonly status: 'pending' }
  | { readonly status: 'completed'; readonly output: Json | undefined }
  | { readonly status: 'failed'; readonly fault: StepFault };

export const PENDING: Outcome = { status: 'pending' };
