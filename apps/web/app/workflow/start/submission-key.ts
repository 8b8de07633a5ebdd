import { newKey } from '../../connection/new-key.js';
import type { Json } from '../../graphql.js';
import { sameJson } from '../../values/same-json.js';

/**
 * The idempotency key of a submission. The same input sent again, because of a second click or because no answer came, is the same
 * submission and starts one run; another input is another one.
 */
export class SubmissionKey {
  private last: { readonly input: Json; readonly key: string } | undefined;

  of(input: Json): string {
    if (!this.last || !sameJson(this.last.input, input)) this.last = { input, key: newKey() };
    return this.last.key;
  }
}
