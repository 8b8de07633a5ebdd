import type { IncomingMessage } from 'node:http';
import { StepwellError } from '@stepwell/contracts';
import type { DocumentLimits } from '../document-options.js';
import type { DocumentService } from '../document.service.js';
import { discard, type Form, type LimitsOf, readForm } from './read-form.js';

/** The forms that people and machines send, within the limits of this installation. */
export class Uploads {
  constructor(
    private readonly documents: DocumentService,
    private readonly limits: DocumentLimits,
  ) {}

  /** As `readForm`. @throws StepwellError CONTENT_TYPE_REFUSED when the body is no form */
  read(request: IncomingMessage, tenant: string, limitsOf: LimitsOf): Promise<Form> {
    if (!isForm(request)) {
      const contentType = request.headers['content-type'] ?? 'nothing';
      throw new StepwellError('CONTENT_TYPE_REFUSED', { accepted: 'multipart/form-data', contentType });
    }
    return readForm(this.documents, { request, tenant, limitsOf, limits: this.limits });
  }

  discard(tenant: string, { files }: Form): Promise<void> {
    return discard(this.documents, tenant, files);
  }
}

export function isForm({ headers }: IncomingMessage): boolean {
  return /^multipart\/form-data\s*(;|$)/i.test(headers['content-type'] ?? '');
}
