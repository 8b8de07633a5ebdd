import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { InvoiceOffice } from '../services/invoice-office.js';
import { Ledger } from '../services/ledger.js';
import type { Invoice } from './batch.js';
import { BatchFanOutModule } from './batch-fan-out.module.js';
import { batchFanOut } from './batch-fan-out.workflow.js';
import { Books, InvoiceSource } from './offices.js';
import { BookInvoice } from './steps/book-invoice.step.js';
import { LookUpVendor } from './steps/look-up-vendor.step.js';

const invoices = (count: number): Invoice[] =>
  Array.from({ length: count }, (_, index) => ({ invoice: `invoice-${index}`, vendor: 'smith', cents: 100 + index }));

describe('a batch that fans out', () => {
  const [office, ledger] = [new InvoiceOffice(), new Ledger()];
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    const providers = [
      { provide: InvoiceSource, useValue: new InvoiceSource(await office.listen()) },
      { provide: Books, useValue: new Books(await ledger.listen()) },
    ];
    options = { workflows: [BatchFanOutModule], providers };
    ledger.vendors.add('smith');
  });
  beforeEach(async () => {
    office.fate = ledger.fate = () => 'serves';
    office.requests.length = ledger.requests.length = ledger.booked.length = 0;
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => Promise.all([office.close(), ledger.close()]));

  it('reads a list of several pages, and books all of it, never more than twenty at a time', async () => {
    office.batches.set('large', invoices(520));
    let [atWork, most] = [0, 0];
    t.stub(LookUpVendor, async () => {
      most = Math.max(most, ++atWork);
      await new Promise(setImmediate);
      atWork--;
      return { account: 'account of smith' };
    });
    t.stub(BookInvoice, () => ({ booking: 'done' }));
    const run = await t.start(batchFanOut, { batch: 'large' });
    expect(await run.output()).toEqual({ booked: 520, quarantined: [] });
    expect([office.requests.length, (await t.runs()).length]).toEqual([2, 521]);
    expect([most > 1, most <= 20]).toEqual([true, true]);
  });

  it('puts aside an invoice that cannot be booked, and lets the others pass', async () => {
    office.batches.set(
      'mixed',
      invoices(5).map((one, index) => (index === 2 ? { ...one, vendor: 'nobody' } : one)),
    );
    const run = await t.start(batchFanOut, { batch: 'mixed' });
    expect(await run.output()).toEqual({ booked: 4, quarantined: [{ invoice: 'invoice-2', reason: 'VENDOR_UNKNOWN' }] });
    expect([...ledger.booked].sort()).toEqual(['invoice-0', 'invoice-1', 'invoice-3', 'invoice-4']);
    // The one that failed is a run of its own, with its own error, for whoever looks into it.
    expect((await t.runs()).filter(({ status }) => status === 'failed')).toMatchObject([
      { workflow: 'process-invoice', errorCode: 'VENDOR_UNKNOWN' },
    ]);
  });

  const scenario = async (kit: TestKit) => {
    ledger.booked.length = 0;
    ledger.fate = ({ method }) => (method === 'POST' && ledger.booked.length === 0 ? 'dies-after-accepting' : 'serves');
    office.batches.set('small', [...invoices(2), { invoice: 'invoice-x', vendor: 'nobody', cents: 1 }]);
    const run = await kit.start(batchFanOut, { batch: 'small' });
    await kit.advance('1m');
    expect(await run.output()).toEqual({ booked: 2, quarantined: [{ invoice: 'invoice-x', reason: 'VENDOR_UNKNOWN' }] });
    expect([...ledger.booked].sort()).toEqual(['invoice-0', 'invoice-1']);
  };

  it('books each invoice once, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(15);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    await scenario(t);
  });
});
