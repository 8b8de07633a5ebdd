import { findNonJson, StepwellError } from '@stepwell/contracts';
import { type Clock, type HostedWorkflow, startTerms, type WorkflowCatalog } from '@stepwell/engine';
import { validated } from '@stepwell/sdk';
import { type NewSchedule, pgSql, registerSchedules, setClock } from '@stepwell/storage';
import type pg from 'pg';
import { CronTimes } from './cron-times.js';

/**
 * Tells the database which schedules the hosted workflows have. A schedule is named after its workflow. A new one begins now; a changed
 * one keeps what it has settled, and stays paused when it is; one that is gone from the code is turned off. In a rolling deploy the version that starts last counts.
 */
export class ScheduleRegistry {
  constructor(
    private readonly pool: pg.Pool,
    private readonly catalog: WorkflowCatalog,
    private readonly clock: Clock,
  ) {}

  /**
   * At the start of a process, for each tenant.
   *
   * @throws StepwellError OPTION_INVALID for a schedule whose cron expression, zone or input is wrong; INPUT_INVALID when its input has no key
   */
  async register(tenant: string): Promise<void> {
    const sql = pgSql(this.pool);
    // Until then it is the machine's, and a new schedule that begins in a year would be silent for a year.
    await setClock(sql, this.clock);
    const now = this.clock.now();
    const hosted = this.catalog.current();
    const schedules = (await Promise.all(hosted.map((one) => scheduleOf(one, now)))).flat();
    const names = hosted.map(({ definition }) => definition.name);
    await registerSchedules(sql, tenant, schedules, names, now);
  }
}

async function scheduleOf({ definition }: HostedWorkflow, now: number): Promise<NewSchedule[]> {
  const { name, schedule, isDeprecated } = definition;
  if (!schedule || isDeprecated) return [];
  const where = `Workflow "${name}", schedule`;
  const { cron, zone = 'UTC', overlap = 'skip', catchUp = 'latest' } = schedule;
  CronTimes.checked(cron, zone, where, now);
  return [{ id: name, workflow: name, cron, zone, overlap, catchUp, input: await inputOf(definition, where) }];
}

/** JSON text of what each run starts with; wrong input is found here, not at three in the morning. */
async function inputOf(definition: HostedWorkflow['definition'], where: string): Promise<string> {
  const { input: type, schedule } = definition;
  const input = schedule?.input ?? null;
  const bad = findNonJson(input);
  if (bad) throw new StepwellError('OPTION_INVALID', { where, reason: `its input is not JSON: at ${bad.path}, ${bad.reason}.` });
  if (type) {
    const checked = await validated(type as never, input);
    if (!checked.ok) {
      const reason = `its input does not fit: ${checked.fields.map(({ path, message }) => `${path === '' ? 'input' : path}: ${message}`).join('; ')}.`;
      throw new StepwellError('OPTION_INVALID', { where, reason }, { fields: checked.fields });
    }
  }
  startTerms(definition, input);
  return JSON.stringify(input);
}
