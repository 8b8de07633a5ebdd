import type { Claim, ClaimedRun, RunLeases } from '@stepwell/engine';
import { Claims } from './claims.js';
import type { HostedCaps } from './hosted-caps.js';

const runOf = (tenant: string, queue = 'default') => ({ tenant, queue, due_at: null as number | null }) as ClaimedRun;

/** Claims that find one after the other what is told here. */
function finding(...found: readonly Claim[]): Claims {
  const left = [...found];
  const leases = { claim: () => Promise.resolve(left.shift()) } as unknown as RunLeases;
  return new Claims(leases, ['default'], ['orders@1'], { areThere: false } as HostedCaps);
}

const take = (claims: Claims) => claims.take('worker', 10);

describe('a tenant may have runs queued', () => {
  it('when the last claim found some of its, and left some of anybody’s', async () => {
    const claims = finding(
      { runs: [runOf('noisy')], hasRest: true, walkedTo: null },
      { runs: [runOf('other')], hasRest: true, walkedTo: null },
      { runs: [runOf('other')], hasRest: false, walkedTo: null },
    );
    expect(claims.mayHaveQueued('noisy')).toBe(false);
    await take(claims);
    expect([claims.mayHaveQueued('noisy'), claims.mayHaveQueued('quiet')]).toEqual([true, false]);
    await take(claims);
    expect([claims.mayHaveQueued('noisy'), claims.mayHaveQueued('other')]).toEqual([false, true]);
    await take(claims);
    expect(claims.mayHaveQueued('other')).toBe(false);
  });

  it('whoever it is, after a claim that did not come to all tenants; and one of which a run could not be leased at once', async () => {
    const claims = finding(
      { runs: [runOf('a')], hasRest: true, walkedTo: 'a' },
      { runs: [runOf('a')], hasRest: true, walkedTo: null },
      { runs: [runOf('a')], hasRest: true, walkedTo: null },
      { runs: [], hasRest: false, walkedTo: null },
    );
    await take(claims);
    expect(claims.mayHaveQueued('quiet')).toBe(true);
    await take(claims);
    expect(claims.mayHaveQueued('quiet')).toBe(false);
    claims.noteQueued('quiet');
    expect([claims.mayHaveQueued('quiet'), claims.mayHaveQueued('other')]).toEqual([true, false]);
    // It may not have been committed when that claim looked.
    await take(claims);
    expect([claims.mayHaveQueued('quiet'), claims.mayHaveQueued('other')]).toEqual([true, false]);
    await take(claims);
    expect(claims.mayHaveQueued('quiet')).toBe(false);
  });

  it('when one was queued while a claim was under way, which has not seen it', async () => {
    const claims = finding(...[1, 2, 3].map(() => ({ runs: [runOf('noisy')], hasRest: true, walkedTo: null })));
    const underWay = take(claims);
    claims.noteQueued('quiet');
    await underWay;
    expect(claims.mayHaveQueued('quiet')).toBe(true);
    await take(claims);
    expect(claims.mayHaveQueued('quiet')).toBe(true);
    await take(claims);
    expect(claims.mayHaveQueued('quiet')).toBe(false);
  });

  it('but not when the claim has taken less of its than of another one’s, of which some are left', async () => {
    const three = (tenant: string, queue?: string) => [1, 2, 3].map(() => runOf(tenant, queue));
    const claims = finding(
      { runs: [...three('noisy'), runOf('quiet')], hasRest: true, walkedTo: null },
      // Of the other queue, its share is taken.
      { runs: [...three('noisy'), runOf('quiet'), ...three('quiet', 'other')], hasRest: true, walkedTo: null },
      // A timer that was due; more may be.
      { runs: [...three('noisy'), { ...runOf('quiet'), due_at: 1 }], hasRest: true, walkedTo: null },
    );
    await take(claims);
    expect([claims.mayHaveQueued('noisy'), claims.mayHaveQueued('quiet')]).toEqual([true, false]);
    await take(claims);
    expect([claims.mayHaveQueued('noisy'), claims.mayHaveQueued('quiet')]).toEqual([true, true]);
    await take(claims);
    expect([claims.mayHaveQueued('noisy'), claims.mayHaveQueued('quiet')]).toEqual([true, true]);
  });

  it('as the last large claim has seen, whatever one beside it takes', async () => {
    const claims = finding(
      { runs: [runOf('noisy')], hasRest: true, walkedTo: null },
      { runs: [runOf('other')], hasRest: false, walkedTo: null },
    );
    await take(claims);
    claims.noteQueued('quiet');
    expect(await claims.takeBeside('worker', 5)).toEqual([runOf('other')]);
    expect(['noisy', 'quiet', 'other'].map((tenant) => claims.mayHaveQueued(tenant))).toEqual([true, true, false]);
  });
});
