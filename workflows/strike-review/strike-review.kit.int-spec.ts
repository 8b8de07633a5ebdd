/** The whole workflow on the engine: in memory with the registry left out, and on PostgreSQL with it. */
import { readFileSync } from 'node:fs';
import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { reportPath } from '../strike-intake/csv/report-path.js';
import { readStrikeFile } from '../strike-intake/csv/strike-file.js';
import { StrikeReviewed } from './events/strike-reviewed.event.js';
import type { FiledReport } from './registry/registry.service.js';
import { ReviewStrike } from './screens/review-strike.screen.js';
import { FileReport } from './steps/file-report.step.js';
import type { StrikeReport } from './strike-report.js';
import { StrikeReviewModule } from './strike-review.module.js';
import { strikeReview } from './strike-review.workflow.js';
import { triage } from './triage.js';

const REPORTS = readStrikeFile(readFileSync(reportPath({})), 'birdstrikes.csv').flatMap((entry) =>
  'record' in entry ? [entry.record as StrikeReport] : [],
);
const reportThat = (needsReview: boolean): StrikeReport => {
  const report = REPORTS.find((one) => triage(one, []).needsReview === needsReview);
  if (!report) throw new Error('The example data has no such report.');
  return report;
};
const [DOUBTFUL, CLEAR] = [reportThat(true), reportThat(false)];
const DECISION = { verdict: 'confirm', note: 'seen' };
/** A Thursday, and three working days later; the clock is put forward in between. */
const [OPENED, DUE] = ['2026-03-05T15:00:00Z', '2026-03-10T14:00:00Z'];
const OPTIONS = { workflows: [StrikeReviewModule], now: OPENED };

const filed = (report: StrikeReport): FiledReport => {
  return { reportId: report.id, verdict: 'confirmed', severity: 'minor', note: null, revision: 1 };
};

async function review(t: TestKit): Promise<void> {
  const run = await t.start(strikeReview, DOUBTFUL);
  const { severity, confidence } = triage(DOUBTFUL, []);
  const suggestion = { values: { verdict: 'confirm', severity }, confidence, source: 'triage', leftOut: [] };
  expect(await t.openTasks()).toMatchObject([{ screen: 'review-strike', dueAt: Date.parse(DUE), suggestion }]);
  await t.advance('2d');
  await t.answer(ReviewStrike, DECISION);
  // Until the undo window is over, the run is told nothing.
  await t.advance('4s');
  expect(await run.waitsFor()).toEqual(['task']);
  await t.advance('1s');
  expect(await run.status()).toBe('completed');
}

describe('the review of a strike, on the engine', () => {
  it('asks nobody about a clear report, and announces what was filed', async () => {
    const t = await testKit({ ...OPTIONS, store: 'memory' });
    t.stub(FileReport, () => filed(CLEAR));
    const run = await t.start(strikeReview, CLEAR);
    expect([await run.status(), await t.tasks()]).toEqual(['completed', []]);
    expect(await t.events()).toMatchObject([{ name: StrikeReviewed.name, idempotencyKey: CLEAR.id, runId: run.id }]);
    await t.close();
  });

  it('ends the same whatever crashes between the report and the announcement', async () => {
    const { commits } = await crashAtEveryCommit({ ...OPTIONS, store: 'memory' }, async (t) => {
      t.stub(FileReport, () => filed(DOUBTFUL));
      await review(t);
    });
    expect(commits).toBeGreaterThan(4);
  });

  it('files what the reviewer decided, in the transaction of the step', async () => {
    const t = await testKit({ ...OPTIONS, store: 'postgres' });
    await review(t);
    expect(await t.events()).toMatchObject([{ payload: { reportId: DOUBTFUL.id, verdict: 'confirmed', note: 'seen' } }]);
    await t.close();
  });
});
