// What is sent of what a form holds: what one sees of it, without the groups that nobody has touched. The rest is kept while the form is
// open, because it comes back with its condition.
import type { RJSFSchema } from '@rjsf/utils';
import type { Json } from '../graphql.js';
import { sameJson } from '../values/same-json.js';
import { type Filled, shownPart, withHidden } from './conditions.js';
import { withoutEmptyGroups } from './empty-groups.js';

export type FormValue = { [key: string]: Json };

/** Of what the form holds, what is sent. */
export function answerIn(schema: RJSFSchema, whole: Json): FormValue {
  return withoutEmptyGroups(schema, shownPart(schema, whole)) as FormValue;
}

/** Between a form and whoever keeps its answer. */
export class FormAnswer {
  private last: Filled;
  /** The value that the form had last when it reported something. */
  private reportedOn: Json | undefined;

  constructor(value: FormValue) {
    this.last = { whole: value, shown: value };
  }

  /** @param value the answer as it is kept. @returns what the form has to hold for it */
  wholeOf(value: FormValue): Json {
    return sameJson(value, this.last.shown) ? this.last.whole : value;
  }

  /**
   * The form says what it holds: somebody changed a field, or it filled in a default.
   *
   * @param value the answer that the form was drawn with. @param held by the form
   * @returns the answer
   */
  report(schema: RJSFSchema, value: FormValue, held: Json): FormValue {
    const whole = withHidden(schema, held, this.last);
    const shown = answerIn(schema, whole);
    this.last = { whole, shown };
    this.reportedOn = value;
    return shown;
  }

  /**
   * A draft or a suggestion may hold what is not asked for beside its other values: sent, it would be refused, and nobody sees it.
   *
   * @param value the answer that the form was drawn with
   * @returns the answer without it; undefined when nothing is to be left out, or the form itself has said since what it makes of the value
   */
  cleaned(schema: RJSFSchema, value: FormValue): FormValue | undefined {
    // It has said more by then, such as a default that it filled in while it was drawn.
    if (this.reportedOn === value) return undefined;
    this.reportedOn = undefined;
    const shown = answerIn(schema, value);
    if (sameJson(shown, value)) return undefined;
    this.last = { whole: value, shown };
    return shown;
  }
}
