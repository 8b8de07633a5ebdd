import { percentile } from '../harness/statistics.mjs';
import { OTHERS } from './figures.mjs';

/** As docs/guides/choose-a-delivery-mode.md has them. */
const MODES = { durable: 'durable', checkpoint: 'checkpoint of 50', direct: 'direct' };
const REPEATS = 5;

export default {
  name: 'delivery',
  title: 'Each delivery mode: a run whose step passes over a list, item by item',
  unit: 'item',
  sizes: { full: 2_000, quick: 200 },
  needs: 'passOver',
  figures: [
    ...Object.entries(MODES).flatMap(([mode, title]) => [
      { key: `${mode}ItemsPerSecond`, title: `${title}: items/s`, digits: 0, better: 'more' },
      { key: `${mode}P50Ms`, title: 'ms a run', digits: 0, better: 'less' },
      { key: `${mode}Commits`, title: 'commits a run', digits: 0, better: 'less' },
      { key: `${mode}WalBytes`, title: 'WAL bytes an item', digits: 0, better: 'less' },
    ]),
    OTHERS,
  ],
  headline: ['directItemsPerSecond'],
  async measure(system, { n, measured }) {
    const figures = { otherLoadPercent: 0 };
    let runs = 0;
    for (const mode of Object.keys(MODES)) {
      await system.passOver(mode, Math.ceil(n / 5));
      const latencies = [];
      const before = system.commits();
      const used = await measured(n * REPEATS, async () => {
        for (let i = 0; i < REPEATS; i++) {
          const at = performance.now();
          await system.passOver(mode, n);
          latencies.push(performance.now() - at);
        }
      });
      figures[`${mode}ItemsPerSecond`] = (1000 * n * REPEATS) / used.wallMs;
      figures[`${mode}P50Ms`] = percentile(latencies, 50);
      figures[`${mode}Commits`] = (system.commits() - before) / REPEATS;
      figures[`${mode}WalBytes`] = used.walBytes;
      figures.otherLoadPercent = Math.max(figures.otherLoadPercent, used.otherLoadPercent);
      runs += REPEATS + 1;
    }
    const items = Object.keys(MODES).length * (n * REPEATS + Math.ceil(n / 5));
    await system.verify({ runs, steps: items });
    return figures;
  },
};
