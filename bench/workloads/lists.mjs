import { percentile } from '../harness/statistics.mjs';

const WARM_UP = 10;
const ASKED = 50;
const LISTS = { inbox: 'inbox', runs: 'list of runs' };

export default {
  name: 'lists',
  title: 'The list of runs and the inbox over a million runs and 100,000 tasks that wait: one question after another, by HTTP, signed in',
  unit: 'question',
  sizes: { full: 1_000_000, quick: 20_000 },
  /** A million runs take their time to make. Answers of one filled database vary less than two fillings do. */
  repeats: 1,
  patienceMinutes: 45,
  needs: 'lists',
  figures: [
    ...Object.entries(LISTS).flatMap(([list, title]) => [
      { key: `${list}P50Ms`, title: `${title}: p50 ms`, digits: 1, better: 'less' },
      { key: `${list}P95Ms`, title: 'p95 ms', digits: 1, better: 'less' },
      { key: `${list}SlowestMs`, title: 'p95 ms of the slowest question', digits: 1, better: 'less' },
    ]),
  ],
  headline: ['inboxP95Ms'],
  async measure(system) {
    const figures = {};
    const questions = {};
    for (const [list, asks] of Object.entries(await system.lists())) {
      const all = [];
      let slowest = 0;
      for (const [name, ask] of Object.entries(asks)) {
        const times = await timesOf(ask);
        all.push(...times);
        const p95Ms = percentile(times, 95);
        slowest = Math.max(slowest, p95Ms);
        questions[`${LISTS[list]}: ${name}`] = { p50Ms: percentile(times, 50), p95Ms, maxMs: Math.max(...times) };
      }
      Object.assign(figures, {
        [`${list}P50Ms`]: percentile(all, 50),
        [`${list}P95Ms`]: percentile(all, 95),
        [`${list}SlowestMs`]: slowest,
      });
    }
    await system.verify();
    return { ...figures, questions };
  },
};

async function timesOf(ask) {
  for (let i = 0; i < WARM_UP; i++) await ask();
  const times = [];
  for (let i = 0; i < ASKED; i++) {
    const at = performance.now();
    await ask();
    times.push(performance.now() - at);
  }
  return times;
}
