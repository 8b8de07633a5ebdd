/** What the benchmark says of its aims: which are judged, which are a failure. */
import { aimsOf, MISSED_BY_FAR, type Workload } from '../../bench/report/aims.mjs';
import { ratios } from '../../bench/report/ratios.mjs';

const RATE = { key: 'rate', title: 'runs/s' };
const [LOOP, DBOS, RESTATE, BULLMQ, STEPWELL] = [
  ...[
    { name: 'bare-loop', title: 'bare loop' },
    { name: 'dbos', title: 'DBOS' },
    { name: 'restate', title: 'Restate' },
  ],
  ...[
    { name: 'bullmq', title: 'BullMQ' },
    { name: 'stepwell', title: 'Stepwell', figures: { rate: { median: 80 } } },
  ],
];

function judge(
  targets: Workload['targets'],
  ratios: Readonly<Record<string, readonly number[]>>,
  systems = [LOOP, STEPWELL, DBOS, BULLMQ],
) {
  const workload: Workload = { name: 'three-steps', needs: 'run', figures: [RATE], headline: ['rate'], ...(targets ? { targets } : {}) };
  return aimsOf(
    workload,
    systems.flatMap((system) => system ?? []),
    (_, other) => ratios[other] ?? [],
  );
}

it.each([
  [0.7, 'met'],
  [0.6, 'met'],
  [0.59, 'missed'],
  [0.25, 'missed'],
  [0.24, MISSED_BY_FAR],
])('a share of %d, where 0.6 is aimed at and less than 0.25 is a failure, is %s', (share, verdict) => {
  const [aim] = judge([{ figure: 'rate', of: 'bare-loop', share: 0.6, failure: 0.25 }], { 'bare-loop': [share] });
  expect(aim).toMatchObject({ found: share, verdict });
});

it('a bound is judged by the figure itself, and what was not measured by nothing', () => {
  const [bound, share] = judge(
    [
      { figure: 'rate', below: 80 },
      { figure: 'rate', of: 'bare-loop', share: 0.6, failure: 0.25 },
    ],
    {},
  );
  expect(bound).toMatchObject({ found: 80, verdict: 'missed' });
  expect(share).toMatchObject({ found: null, verdict: 'not measured' });
});

describe('that no peer is ahead which does as much', () => {
  it('is judged in each workload, by the one that comes nearest', () => {
    const systems = [LOOP, STEPWELL, DBOS, RESTATE];
    expect(judge([], { dbos: [17, 18, 16], restate: [2, 3, 4] }, systems)).toMatchObject([{ found: 3, by: 'Restate', verdict: 'met' }]);
    expect(judge([], { dbos: [17], restate: [0.99] }, systems)).toMatchObject([{ found: 0.99, by: 'Restate', verdict: 'missed' }]);
  });

  it('names who does less, and what, and judges him not', () => {
    expect(judge([], { dbos: [17], bullmq: [0.5] })).toMatchObject([
      { found: 17, by: 'DBOS', verdict: 'met', notJudged: ['BullMQ (jobs in Redis) 0.5'] },
    ]);
  });

  it('says who was not measured', () => {
    expect(judge([], { dbos: [17] }, [LOOP, STEPWELL, DBOS, RESTATE])).toMatchObject([
      { verdict: 'met, but for those not measured', notMeasured: ['Restate'] },
    ]);
  });

  it('is asked of nobody where there are only Stepwell and the bare loop', () => {
    expect(judge([], { 'bare-loop': [0.5] }, [LOOP, STEPWELL])).toEqual([]);
  });
});

it.each([
  [80, 1, 'met'],
  [50, 1.6, 'missed'],
])('a figure is judged beside another one of its own: 80 beside %d', (least, found, verdict) => {
  const stepwell = { name: 'stepwell', title: 'Stepwell', figures: { rate: { median: 80 }, first: { median: least } } };
  const figures = [RATE, { key: 'first', title: 'at first' }];
  const workload: Workload = { name: 'growth', needs: 'run', figures, headline: ['rate'], targets: [{ figure: 'rate', timesOf: 'first', most: 1.3 }] }; // prettier-ignore
  expect(aimsOf(workload, [stepwell], () => [])).toMatchObject([{ what: 'runs/s: at most 1.3 times that of at first', found, verdict }]);
});

it('to be better than every peer is to be better than those, too, that do less', () => {
  const [aim] = judge([{ figure: 'rate', of: 'every peer' }], { dbos: [17], bullmq: [0.5] });
  expect(aim).toMatchObject({ found: 0.5, by: 'BullMQ', verdict: 'missed' });
});

it.each([
  ['more', 40, 20, [2]],
  ['less', 40, 20, [0.5]],
  ['less', 300, 0, [0.01]],
  ['less', 0, 300, [100]],
  ['less', 0, 0, [1]],
  ['more', 0, 5, [0.01]],
] as const)('how good one is, where %s is better: %d beside %d', (better, one, other, times) => {
  expect(ratios({ key: 'x', better }, [{ rep: 1, x: one }], [{ rep: 1, x: other }])).toEqual(times);
  expect(ratios({ key: 'x', better }, [{ rep: 1, x: one }], [{ rep: 2, x: other }])).toEqual([]);
});
