import type { FactDraft } from '@stepwell/engine';
import { asJson } from './as-json.js';
import type { Entry } from './entry.js';

/** What long attempts are doing: that they began, once, and how far they have come since they last told. */
export function reportsOf(entries: Iterable<Entry>, now: number, longerThanMs: number): FactDraft[] {
  const facts: FactDraft[] = [];
  for (const entry of entries) {
    const { node, iteration, attempt } = entry.action;
    const at = { path: node.path, iteration, attempt };
    if (!entry.announced && now - entry.startedAt >= longerThanMs) {
      entry.announced = true;
      facts.push({ type: 'attempt.started', ...at, payload: { startedAt: entry.startedAt } });
    }
    if (entry.progress) {
      facts.push({ type: 'attempt.progress', ...at, payload: asJson(entry.progress) });
      entry.progress = undefined;
    }
  }
  return facts;
}
