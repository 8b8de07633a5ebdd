import { readFileSync } from 'node:fs';
import { reportPath } from '../strike-intake/csv/report-path.js';
import { readStrikeFile } from '../strike-intake/csv/strike-file.js';
import { oddities } from './plausibility.js';
import { isSampled } from './sampling.js';
import type { StrikeReport } from './strike-report.js';
import { type Recommendation, triage } from './triage.js';

const REPORT: StrikeReport = {
  ...{
    id: 'r1',
    airport: 'SACRAMENTO INTL',
    aircraft: 'B-737-300',
    damage: 'None',
    flightDate: '1999-02-03',
    operator: 'SOUTHWEST AIRLINES',
  },
  ...{ originState: 'California', phase: 'Approach', wildlifeSize: 'Small', species: 'Killdeer', timeOfDay: 'Day' },
  ...{ costOther: 0, costRepair: 0, costTotal: 0, speedKnots: 140 },
};
const TODAY = '2026-01-01';
const some = (changes: Partial<StrikeReport>): StrikeReport => ({ ...REPORT, ...changes });

describe('the triage of one report', () => {
  it.each<[string, Partial<StrikeReport>, Partial<Recommendation>]>([
    ['no damage files itself', {}, { severity: 'none', isDoubtful: false, needsReview: false }],
    ['a large animal alone is no damage', { wildlifeSize: 'Large' }, { severity: 'none', needsReview: false }],
    ['minor damage files itself', { damage: 'Minor' }, { severity: 'minor', needsReview: false }],
    ['medium damage counts as minor', { damage: 'Medium' }, { severity: 'minor', needsReview: false }],
    [
      'medium damage by a large animal is substantial',
      { damage: 'Medium', wildlifeSize: 'Large' },
      { severity: 'substantial', needsReview: true },
    ],
    ['substantial damage waits', { damage: 'Substantial' }, { severity: 'substantial', isDoubtful: false, needsReview: true }],
    ['99,999 dollars leave it minor', { damage: 'Minor', costTotal: 99_999 }, { severity: 'minor', needsReview: false }],
    [
      '100,000 dollars make it substantial',
      { damage: 'Minor', costTotal: 100_000 },
      { severity: 'substantial', isDoubtful: false, needsReview: true },
    ],
    [
      'no damage but a repair is doubtful and minor',
      { costRepair: 1, costTotal: 1 },
      { severity: 'minor', isDoubtful: true, needsReview: true },
    ],
    ['no damage but another cost is doubtful', { costOther: 1, costTotal: 1 }, { severity: 'none', isDoubtful: true, needsReview: true }],
    ['C is doubtful', { damage: 'C' }, { severity: 'minor', isDoubtful: true, isSampled: false, needsReview: true }],
    ['B is doubtful and substantial', { damage: 'B' }, { severity: 'substantial', isDoubtful: true, needsReview: true }],
    ['an unknown value waits for a person', { damage: 'constructor' }, { severity: 'minor', isDoubtful: true, needsReview: true }],
  ])('%s', (_, changes, expected) => {
    expect(triage(some(changes), [])).toMatchObject(expected);
  });

  it('gives its reasons', () => {
    expect(triage(some({ damage: 'Minor', costTotal: 144_634 }), []).reasons).toEqual([
      'The reported damage is "Minor".',
      'It cost $144,634 in all.',
    ]);
  });

  it('doubts a report that contradicts itself', () => {
    const odd = some({ costRepair: 5, flightDate: '2026-01-02', speedKnots: 900 });
    const findings = oddities(odd, TODAY);
    expect(findings).toHaveLength(3);
    expect(triage(odd, findings)).toMatchObject({ isDoubtful: true, needsReview: true, reasons: expect.arrayContaining(findings) });
    expect(oddities(some({ speedKnots: null, flightDate: TODAY }), TODAY)).toEqual([]);
  });
});

describe('the triage of the real reports', () => {
  const reports = readStrikeFile(readFileSync(reportPath({})), 'birdstrikes.csv').flatMap((entry) =>
    'record' in entry ? [entry.record] : [],
  );
  const triaged = reports.map((report) => ({ report, result: triage(report, oddities(report, TODAY)) }));
  const count = (matches: (report: StrikeReport, result: Recommendation) => boolean): number =>
    triaged.filter(({ report, result }) => matches(report, result)).length;

  it('meets the six damage values', () => {
    const damages = new Map<string, number>();
    for (const { damage } of reports) damages.set(damage, (damages.get(damage) ?? 0) + 1);
    expect(Object.fromEntries(damages)).toEqual({ None: 8_939, Minor: 549, Substantial: 311, Medium: 186, C: 14, B: 1 });
  });

  it('finds no real report odd, and doubts the 55 that cost without damage and the 15 with C or B', () => {
    expect(reports.flatMap((report) => oddities(report, TODAY))).toEqual([]);
    expect(count((report, result) => report.damage === 'None' && result.isDoubtful)).toBe(55);
    expect(count((report, result) => ['C', 'B'].includes(report.damage) && result.isDoubtful)).toBe(15);
    expect(count((_, result) => result.isDoubtful)).toBe(70);
  });

  it('files 8,884 undamaged reports by themselves and lets every substantial one wait', () => {
    expect(count((_, result) => result.severity === 'none' && !result.needsReview)).toBe(8_939 - 55);
    expect(count((report, result) => report.damage === 'Substantial' && result.needsReview)).toBe(311);
    expect(count((_, result) => result.severity === 'substantial' && !result.needsReview)).toBe(0);
  });

  it('samples about one minor strike in ten, always the same ones', () => {
    const sampled = count((_, result) => result.isSampled);
    const sure = count((_, result) => result.severity === 'minor' && !result.isDoubtful);
    expect(sampled / sure).toBeGreaterThan(0.07);
    expect(sampled / sure).toBeLessThan(0.13);
    expect(triaged.every(({ report, result }) => triage(report, []).isSampled === result.isSampled)).toBe(true);
    expect(reports.filter(({ id }) => isSampled(id)).length).toBeGreaterThan(900);
    expect(reports.filter(({ id }) => isSampled(id)).length).toBeLessThan(1_100);
  });

  it('makes 492 tasks of 10,000 reports', () => {
    expect({
      substantial: count((_, result) => result.severity === 'substantial' && !result.isDoubtful),
      doubtful: count((_, result) => result.isDoubtful),
      sampled: count((_, result) => result.isSampled),
      tasks: count((_, result) => result.needsReview),
    }).toEqual({ substantial: 362, doubtful: 70, sampled: 60, tasks: 492 });
  });
});
