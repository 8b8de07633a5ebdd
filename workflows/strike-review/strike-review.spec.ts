import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { definitionOf, type ReadContext, screenMetadata, workflowModuleOptions } from '@stepwell/sdk';
import { reportPath } from '../strike-intake/csv/report-path.js';
import { readStrikeFile } from '../strike-intake/csv/strike-file.js';
import { ReviewStrike } from './screens/review-strike.screen.js';
import { Triage } from './steps/triage.step.js';
import { StrikeReport } from './strike-report.js';
import { StrikeReviewModule } from './strike-review.module.js';
import { strikeReview } from './strike-review.workflow.js';

describe('the review of a strike', () => {
  it('is validated, triaged, looked at by a person where needed, filed, and announced', () => {
    const { name, input, nodes } = definitionOf(strikeReview);
    expect(name).toBe('strike-review');
    expect(input).toBe(StrikeReport);
    expect(nodes.map(({ kind, id }) => [kind, id])).toEqual([
      ['step', 'validate-report'],
      ['step', 'triage'],
      ['if', 'needs-review'],
      ['step', 'file-report'],
      ['emit', 'announce'],
    ]);
    expect(nodes[2]).toMatchObject({ arms: [{ nodes: [{ kind: 'screen', id: 'review-strike', screen: ReviewStrike }] }] });
    expect(nodes[4]).toMatchObject({ event: 'strike.reviewed' });
    expect(workflowModuleOptions(StrikeReviewModule)?.workflows).toEqual([strikeReview]);
  });

  it('takes every real report as its input', async () => {
    const entries = readStrikeFile(readFileSync(reportPath({})), 'birdstrikes.csv');
    const refused: unknown[] = [];
    for (const entry of entries) {
      const report = plainToInstance(StrikeReport, 'record' in entry ? entry.record : {});
      refused.push(...(await validate(report, { whitelist: true, forbidNonWhitelisted: true })));
    }
    expect(entries).toHaveLength(10_000);
    expect(refused).toEqual([]);
  });

  it('refuses an input that is no report, with the field', async () => {
    const errors = await validate(plainToInstance(StrikeReport, { id: 'x', flightDate: '1999-02-30', costTotal: -1 }));
    expect(errors.map(({ property }) => property)).toEqual(expect.arrayContaining(['airport', 'damage', 'flightDate', 'costTotal']));
  });

  it('shows the report beside the recommendation', () => {
    const report = { id: 'r1', airport: 'SACRAMENTO INTL', species: 'Killdeer', aircraft: 'MD-80', damage: 'Minor' } as StrikeReport;
    const recommendation = { severity: 'minor', confidence: 0.9 };
    const ctx = {
      input: report,
      resultOf: (step: unknown) => (step === Triage ? recommendation : undefined),
    } as unknown as ReadContext<StrikeReport>;
    const screen = new ReviewStrike();
    expect(screen.props(ctx)).toEqual({ report, recommendation });
    expect(screen.suggest(ctx)).toEqual({ values: { verdict: 'confirm', severity: 'minor' }, confidence: 0.9, source: Triage });
    expect(screen.subject(ctx)).toBe('SACRAMENTO INTL: Killdeer against MD-80, damage Minor');
    expect(screenMetadata(ReviewStrike)).toMatchObject({ id: 'review-strike' });
  });
});
