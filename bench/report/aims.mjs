// What the product aims at, and what became of it. Aims of a workload stand in its file; that no peer is ahead which does as much is one of each.

import { spread } from '../harness/statistics.mjs';
import { ANCHOR, EVERY_PEER, findPeer, PRODUCT } from '../peers/index.mjs';

/** A failure, and not an aim that is still to be reached: the benchmark ends with code 1. */
export const MISSED_BY_FAR = 'missed by far';
/** As far as there is something to judge by. */
const MET_BY_THE_MEASURED = 'met, but for those not measured';

/**
 * @param {object} workload
 * @param {{ name: string, title: string, figures?: object }[]} systems of the summary
 * @param {(figure: string, other: string) => number[]} timesAsGood how many times as good the product is as another one, within each repeat
 * @returns {{ what: string, found: number | null, verdict: string, by?: string, notJudged?: string[], notMeasured?: string[] }[]} `by`: the peer that
 *   comes nearest; `notJudged`: peers that do less, with what they do, and how many times as good the product is
 */
export function aimsOf(workload, systems, timesAsGood) {
  const peers = systems.filter(({ name }) => isRival(findPeer(name), workload)).map((system) => asRival(system, workload));
  const titleOf = (key) => workload.figures.find((figure) => figure.key === key).title;
  const median = (key, other) => {
    const values = timesAsGood(key, other);
    return values.length > 0 ? spread(values).median : null;
  };
  const own = (workload.targets ?? []).map(({ figure, of, share, failure = 0, below, timesOf, most }) => {
    const title = titleOf(figure);
    const own = systems.find(({ name }) => name === PRODUCT)?.figures ?? {};
    if (below !== undefined) {
      const found = own[figure]?.median ?? null;
      return { what: `${title} below ${below}`, found, verdict: verdictOf(found, (value) => value < below) };
    }
    if (timesOf !== undefined) {
      const found = own[figure] && own[timesOf] ? own[figure].median / own[timesOf].median : null;
      return { what: `${title}: at most ${most} times that of ${titleOf(timesOf)}`, found, verdict: verdictOf(found, (value) => value <= most) }; // prettier-ignore
    }
    if (of === EVERY_PEER)
      return { what: `${title}: better than every peer`, ...amongPeers(peers, (name) => median(figure, name), (value) => value > 1) }; // prettier-ignore
    const found = median(figure, of);
    const verdict = found !== null && found < failure ? MISSED_BY_FAR : verdictOf(found, (value) => value >= share);
    return { what: `${title}: at least ${Number(share.toFixed(2))} of ${of}`, found, verdict };
  });
  return [
    ...own,
    ...(peers.length > 0 ? workload.headline.map((key) => nobodyAhead(titleOf(key), peers, (name) => median(key, name))) : []),
  ];
}

/** Those that do less are named with what they do, and nobody has to be ahead of them. */
function nobodyAhead(title, peers, timesAsGoodAs) {
  const found = amongPeers(peers.filter(({ lesser }) => lesser === null), timesAsGoodAs, (value) => value >= 1); // prettier-ignore
  const notJudged = peers.flatMap(({ name, title: peer, lesser }) => {
    const times = lesser === null ? null : timesAsGoodAs(name);
    return times === null ? [] : [`${peer} (${lesser}) ${Number(times.toPrecision(2))}`];
  });
  return { what: `${title}: no peer that does as much is ahead`, ...found, ...(notJudged.length > 0 ? { notJudged } : {}) };
}

/** The product beside the one that comes nearest. */
function amongPeers(peers, timesAsGoodAs, isMet) {
  const measured = peers.map((peer) => ({ ...peer, times: timesAsGoodAs(peer.name) }));
  const nearest = measured.filter(({ times }) => times !== null).sort((a, b) => a.times - b.times)[0];
  const notMeasured = measured.filter(({ times }) => times === null).map(({ title }) => title);
  const found = nearest?.times ?? null;
  return {
    found,
    verdict: notMeasured.length > 0 && found !== null && isMet(found) ? MET_BY_THE_MEASURED : verdictOf(found, isMet),
    ...(nearest ? { by: nearest.title } : {}),
    ...(notMeasured.length > 0 ? { notMeasured } : {}),
  };
}

function verdictOf(found, isMet) {
  if (found === null) return 'not measured';
  return isMet(found) ? 'met' : 'missed';
}

function isRival({ name, cannot }, { needs }) {
  return name !== PRODUCT && name !== ANCHOR && !cannot[needs];
}

function asRival({ name, title }, workload) {
  const { doesLess = {} } = findPeer(name);
  return { name, title, lesser: doesLess[workload.name] ?? doesLess.all ?? null };
}
