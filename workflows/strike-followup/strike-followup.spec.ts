import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { definitionOf, type EmittedEvent } from '@stepwell/sdk';
import { StrikeReviewed as Emitted } from '../strike-review/events/strike-reviewed.event.js';
import { reviewOutcome } from '../strike-review/review-outcome.js';
import type { StrikeReport } from '../strike-review/strike-report.js';
import { caseOutcome } from './cases/case-outcome.js';
import { letterResult } from './cases/letter-result.js';
import { StrikeReviewed, type StrikeReviewedPayload } from './events/strike-reviewed.event.js';
import { followUpOn } from './follow-up-on.js';
import { FollowupCase } from './followup-case.js';
import { ResolveDispute } from './screens/resolve-dispute.screen.js';
import { strikeFollowup } from './strike-followup.workflow.js';

const REPORT = {
  ...{
    id: 'r1',
    airport: 'SACRAMENTO INTL',
    aircraft: 'MD-80',
    operator: 'US AIRWAYS*',
    species: 'Killdeer',
    flightDate: '1999-02-03',
    costTotal: 5,
  },
} as StrikeReport;

function reviewed(verdict: 'confirmed' | 'rejected', severity: 'none' | 'minor' | 'substantial'): EmittedEvent<StrikeReviewedPayload> {
  // What the review emits must be what the follow-up reads; the type checker compares the two here.
  const payload: StrikeReviewedPayload = reviewOutcome(REPORT, { reportId: 'r1', verdict, severity, note: null, revision: 1 });
  return { id: 'e1', name: StrikeReviewed.name, payload, emittedAt: '2026-01-01T00:00:00Z', idempotencyKey: 'r1', runId: 'run' };
}

describe('the follow-up of a strike', () => {
  it('asks, lets a person settle what the letter did not, and closes the case', () => {
    const { name, nodes, startOn, input } = definitionOf(strikeFollowup);
    expect([name, input]).toEqual(['strike-followup', FollowupCase]);
    expect(nodes).toMatchObject([
      {
        kind: 'parallel',
        id: 'letter',
        mode: 'collect-all',
        branches: [{ name: 'operator', nodes: [{ id: 'ask-operator', retry: { attempts: 3 } }] }],
      },
      { kind: 'if', id: 'needs-resolution', arms: [{ nodes: [{ kind: 'screen', screen: ResolveDispute }] }] },
      { kind: 'step', id: 'close-case' },
    ]);
    expect(startOn).toMatchObject([{ event: 'strike.reviewed', once: false }]);
  });

  it('starts on the event of the review, for substantial strikes only, once per report', async () => {
    expect(StrikeReviewed.name).toBe(Emitted.name);
    expect(followUpOn(reviewed('confirmed', 'none'))).toBeNull();
    expect(followUpOn(reviewed('confirmed', 'minor'))).toBeNull();
    expect(followUpOn(reviewed('rejected', 'none'))).toBeNull();
    const decision = followUpOn(reviewed('confirmed', 'substantial'));
    expect(decision).toMatchObject({ input: { reportId: 'r1', operator: 'US AIRWAYS*' }, idempotencyKey: 'r1' });
    expect(await validate(plainToInstance(FollowupCase, decision?.input), { whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
  });

  it('takes a step that failed for good as a letter without an answer', () => {
    expect(letterResult({ operator: { status: 'completed', output: { position: 'disputed', statement: 'No.' } } })).toEqual({
      letter: 'disputed',
      statement: 'No.',
    });
    const failed = { status: 'failed', error: { code: 'STEP_FAILED', message: 'came back three times' } } as const;
    expect(letterResult({ operator: failed })).toEqual({ letter: 'unanswered', statement: 'came back three times' });
  });

  it('ends as the operator or the person said', () => {
    const disputed = { letter: 'disputed', statement: 'No.' } as const;
    expect(caseOutcome({ letter: 'agreed', statement: 'Yes.' }, undefined)).toEqual({
      letter: 'agreed',
      statement: 'Yes.',
      outcome: 'agreed',
      note: null,
    });
    expect(caseOutcome(disputed, { resolution: 'uphold', note: ' seen it ' })).toEqual({ ...disputed, outcome: 'upheld', note: 'seen it' });
    expect(caseOutcome(disputed, { resolution: 'downgrade' })).toMatchObject({ outcome: 'downgraded', note: null });
    expect(caseOutcome(disputed, { resolution: 'close' })).toMatchObject({ outcome: 'closed-unanswered' });
  });
});
