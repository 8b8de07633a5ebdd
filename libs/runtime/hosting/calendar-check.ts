/** One name is one calendar, over all modules: whoever reads it on a page or in a guide must not have to ask which of two is meant. */
import { StepwellError } from '@stepwell/contracts';
import type { BusinessCalendar, Type, WorkflowDefinition } from '@stepwell/sdk';
import { moduleName } from './module-name.js';

interface Use {
  readonly calendar: BusinessCalendar;
  /** Where, for the error. */
  readonly by: string;
}

export class CalendarCheck {
  private readonly byName = new Map<string, Use>();

  /** @throws StepwellError CALENDAR_DUPLICATE */
  add({ name: workflow, version, calendar }: WorkflowDefinition, module: Type<object>): void {
    if (calendar?.name == null) return;
    const { name } = calendar;
    const by = `that of "${workflow}@${version}", ${moduleName(module)}`;
    const before = this.byName.get(name);
    const differences = before?.calendar.differsFrom(calendar) ?? [];
    if (before && differences.length > 0)
      throw new StepwellError('CALENDAR_DUPLICATE', { name, first: before.by, second: by, differences: differences.join(', ') });
    this.byName.set(name, { calendar, by });
  }
}
