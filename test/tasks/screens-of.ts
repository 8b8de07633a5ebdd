import type { FieldError } from '@stepwell/contracts';
import type { Type } from '@stepwell/sdk';
import { ScreenProvider } from '@stepwell/tasks';

/** All screens have this class of answers, and none has documents or a `mayDecide`. */
export class ScreensOf extends ScreenProvider {
  constructor(private readonly answer: Type<object>) {
    super();
  }

  answerClassOf(): Type<object> {
    return this.answer;
  }

  mayDecide(): Promise<true> {
    return Promise.resolve(true);
  }

  takeDocuments(): Promise<readonly FieldError[]> {
    return Promise.resolve([]);
  }
}
