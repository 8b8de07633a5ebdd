/** A module with entities of its own, hosted by the whole application. */
import { Logger } from '@nestjs/common';
import { schemaDrift } from '@stepwell/runtime';
import { type Type, workflowModuleOptions } from '@stepwell/sdk';
import { DataSource } from 'typeorm';
import { StrikeFollowupModule } from '../../workflows/strike-followup/strike-followup.module.js';
import { StrikeReviewModule } from '../../workflows/strike-review/strike-review.module.js';
import { type ApiApp, type ApiUser, startApiApp } from '../server/api-app.js';
import { ToolLoan } from './tool-loans/tool-loan.entity.js';
import { ToolLoansModule } from './tool-loans/tool-loans.module.js';

const { jest } = import.meta;

/** As a migration would make it. */
const LOANS = `CREATE SCHEMA tool_loans;
  CREATE TABLE tool_loans.loans (
    tenant text COLLATE "C" NOT NULL, tool text NOT NULL, borrower text NOT NULL, times_lent int NOT NULL DEFAULT 1 CHECK (times_lent > 0),
    PRIMARY KEY (tenant, tool))`;

describe('a module with entities', () => {
  let api: ApiApp;
  let operator: ApiUser;
  const warn = jest.spyOn(Logger.prototype, 'warn');
  beforeAll(async () => {
    api = await startApiApp({ workflowModules: [ToolLoansModule, StrikeReviewModule, StrikeFollowupModule] });
    operator = await api.as('operator');
  });
  afterAll(async () => {
    warn.mockRestore();
    await api.close();
  });

  const drift = (entities: readonly Type<object>[]) => schemaDrift(api.app.get(DataSource), entities);
  const loans = async () => (await api.database.pool.query('SELECT * FROM tool_loans.loans ORDER BY tool')).rows;
  const lend = async (input: object) => {
    const { data } = await operator.ask('mutation ($input: JSON) { startRun(workflow: "lending", input: $input) { run { id } } }', {
      input,
    });
    return api.until(async () => {
      const ask = 'query ($id: ID!) { run(id: $id) { status output errorMessage endedAt } }';
      const { run } = (await operator.ask(ask, { id: data.startRun.run.id })).data;
      return run.endedAt && run;
    });
  };

  it('is told at boot that its table is not as the entity says, in one line; the other modules of the app have nothing to tell', () => {
    const lines = warn.mock.calls.map(([line]) => String(line)).filter((line) => line.startsWith('Entity '));
    expect(lines).toEqual([
      expect.stringMatching(
        /^Entity ToolLoan and the table tool_loans\.loans differ\. .*CREATE TABLE "tool_loans"\."loans".*Write a migration that does so, or mend the entity\.$/,
      ),
    ]);
  });

  it('writes them by their repositories in the transaction of the step, together with its output or not at all', async () => {
    await api.database.pool.query(LOANS);
    expect(await lend({ tool: 'saw', borrower: 'Ada' })).toMatchObject({ status: 'completed', output: { timesLent: 1 } });
    expect(await lend({ tool: 'saw', borrower: 'Bo' })).toMatchObject({ output: { timesLent: 2 } });
    expect(await lend({ tool: 'saw', borrower: 'Cy', breaks: true })).toMatchObject({
      status: 'failed',
      errorMessage: 'The drawer is stuck.',
    });
    expect(await loans()).toEqual([{ tenant: 'default', tool: 'saw', borrower: 'Bo', times_lent: 2 }]);
  });

  it('is told where a migrated table differs, and of what an entity need not repeat nothing', async () => {
    expect(await drift([ToolLoan])).toEqual([]);
    await api.database.pool.query('ALTER TABLE tool_loans.loans ALTER times_lent TYPE bigint, ALTER borrower DROP NOT NULL, ADD note text');
    const [line, ...more] = await drift([ToolLoan]);
    expect(more).toEqual([]);
    for (const part of ['DROP COLUMN "note"', 'ALTER COLUMN "borrower" SET NOT NULL', '"times_lent" integer']) expect(line).toContain(part);
  });

  it('has, in the example, the tables that the migrations made', async () => {
    const entities = [StrikeReviewModule, StrikeFollowupModule].flatMap((module) => workflowModuleOptions(module)?.entities ?? []);
    expect(entities.length).toBeGreaterThan(0);
    expect(await drift(entities)).toEqual([]);
  });
});
