/** Documents beside the form of a task, in a real browser: drawn, never run, and whatever is wrong with one of them, the form works. */
import { seriousFindings } from './accessibility.js';
import { BrowserHouse, describeWithBrowser } from './browser-house.js';
import { compiledWithInvoices } from './invoices.js';
import { LOCKED_PDF, pdfOf } from './pdf.js';
import type { Visitor } from './visitor.js';

const SCENE_MS = 240_000;
const PAGES = Array.from({ length: 12 }, (_, page) => [
  { x: 60, y: 760, text: page === 0 ? 'Invoice 4711 of Nord Air' : `Annex ${page}` },
  { x: 60, y: 80, text: page === 11 ? 'Total: 1234.50 EUR' : 'Carried over' },
]);
/** Two pixels wide, one high: red and green. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADklEQVR4nGP4z8AARAwACQQB/xXDwNcAAAAASUVORK5CYII=', 'base64');
const SVG = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" onload="parent.ran = 1">
  <script>top.ran = 1</script><rect width="40" height="20" fill="teal"/></svg>`;
const FILES = [
  { name: 'invoice.pdf', mimeType: 'application/pdf', buffer: pdfOf(PAGES) },
  { name: 'scan.png', mimeType: 'image/png', buffer: PNG },
  { name: 'stamp.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(SVG) },
  { name: 'order.json', mimeType: 'application/json', buffer: Buffer.from('{"order":{"number":"P-9"}}') },
  { name: 'lines.csv', mimeType: 'text/csv', buffer: Buffer.from('part;cost\n"wing; left";12,50\n') },
  { name: 'page.html.txt', mimeType: 'text/plain', buffer: Buffer.from('<script>top.ran = 1</script>') },
  { name: 'damaged.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\nnothing of a PDF\n') },
  { name: 'all.zip', mimeType: 'application/zip', buffer: Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex') },
];
const GONE = { id: '01890000-0000-7000-8000-000000000000', fileName: 'gone.pdf' };

const house = new BrowserHouse();
const scene: BrowserHouse['scene'] = (name, play) => house.scene(name, play);

describeWithBrowser('documents beside a form', () => {
  const project = compiledWithInvoices();
  beforeAll(() => house.open({ dist: project.dist, environment: { STEPWELL_UPLOAD_TYPES: 'application/*,image/*,text/*' } }));
  afterAll(async () => {
    await house.close();
    project.remove();
  });

  it(
    'are drawn, page by page and at any size, and saved; the line between them and the form is moved, and stays where it was',
    scene('documents', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      await openTask(reviewer, FILES.slice(0, 2));
      const pane = reviewer.region('Documents');
      const content = pane.getByRole('group', { name: 'Content of invoice.pdf' });
      const first = content.locator('[data-page="1"]');
      await first.getByText('Invoice 4711 of Nord Air').waitFor();
      // It is hidden until it is drawn, and black before; its words may be there earlier.
      await first.locator('canvas').waitFor();
      expect(await inkOf(reviewer, '[data-page="1"] canvas')).toBeGreaterThan(200);
      // Of twelve pages only those near are there.
      expect(await content.locator('[data-page]').count()).toBeLessThan(6);

      const widthOf = async (what: string) => (await page.locator(what).boundingBox())?.width ?? 0;
      const fitting = await widthOf('[data-page="1"]');
      await pane.getByRole('button', { name: 'Larger' }).click();
      expect(await widthOf('[data-page="1"]')).toBeCloseTo(fitting * 1.25, 0);
      await content.focus();
      await reviewer.press('0');
      expect(await widthOf('[data-page="1"]')).toBeCloseTo(fitting, 0);
      await pane.getByRole('textbox', { name: 'Page' }).fill('12');
      await reviewer.press('Enter');
      await content.locator('[data-page="12"]').getByText('Total: 1234.50 EUR').waitFor();
      await content.focus();
      await reviewer.press('ArrowLeft');
      await pane.getByText('of 12').waitFor();

      const form = reviewer.region('Your answer');
      const formWidth = async () => Math.round((await form.boundingBox())?.width ?? 0);
      const before = await formWidth();
      await page.getByRole('separator', { name: 'Width of the form' }).focus();
      await reviewer.press('ArrowRight', 'ArrowRight');
      expect(await formWidth()).toBe(before - 48);
      await page.reload();
      await first.getByText('Invoice 4711 of Nord Air').waitFor();
      expect(await formWidth()).toBe(before - 48);

      await pane.getByRole('tab', { name: 'scan.png' }).click();
      await pane.getByRole('img', { name: 'scan.png' }).waitFor();
      const saved = page.waitForEvent('download');
      await pane.getByRole('link', { name: 'Download scan.png' }).click();
      expect((await saved).suggestedFilename()).toBe('scan.png');
    }),
    SCENE_MS,
  );

  it(
    'run no script; what cannot be shown says why, and the form works beside it',
    scene('documents-hostile', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      await openTask(reviewer, FILES.slice(2));
      const pane = reviewer.region('Documents');
      const open = (name: string) => pane.getByRole('tab', { name }).click();
      await pane.getByRole('img', { name: 'stamp.svg' }).waitFor();
      await open('order.json');
      await pane.getByText('"P-9"').waitFor();
      await open('lines.csv');
      await pane.getByRole('cell', { name: 'wing; left' }).waitFor();
      await open('page.html.txt');
      await pane.getByText('<script>top.ran = 1</script>').waitFor();
      expect(await page.evaluate('"ran" in window')).toBe(false);
      await open('damaged.pdf');
      await pane.getByText('The PDF is damaged.').waitFor();
      await open('all.zip');
      await pane.getByText('Files of this kind (application/zip) are not shown here.').waitFor();
      await open('gone.pdf');
      await pane.getByText('It is no longer there').waitFor();
      expect(reviewer.complaints.splice(0)).toEqual([expect.stringContaining('404')]);

      const form = reviewer.region('Your answer');
      await form.getByRole('textbox', { name: 'Vendor' }).fill('Nord Air');
      await form.getByRole('textbox', { name: 'Total' }).fill('1234.50');
      await form.getByRole('button', { name: 'Complete', exact: true }).click();
      await page.getByRole('heading', { name: 'Decided by you' }).waitFor();
      await pane.getByRole('tab', { name: 'stamp.svg' }).waitFor();
    }),
    SCENE_MS,
  );

  it(
    'that are locked ask for their password, which is sent nowhere; a wrong one is told, and without it they are saved',
    scene('documents-locked', async () => {
      const reviewer = await house.visit();
      await openTask(reviewer, [{ name: 'salaries.pdf', mimeType: 'application/pdf', buffer: LOCKED_PDF.content }]);
      const pane = reviewer.region('Documents');
      const form = pane.getByRole('form', { name: 'Password of salaries.pdf' });
      const password = form.getByLabel('This PDF is locked by a password');
      await form.getByRole('button', { name: 'Cancel' }).click();
      await pane.getByText('It is locked by a password.').waitFor();
      await pane.getByRole('link', { name: 'Download', exact: true }).waitFor();
      await pane.getByRole('button', { name: 'Try again' }).click();

      const sent: string[] = [];
      reviewer.page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
      await password.fill('sesame');
      await reviewer.press('Enter');
      await form.getByText('That is not its password.').waitFor();
      await password.fill(LOCKED_PDF.password);
      await reviewer.press('Enter');
      await pane.locator('[data-page="1"]').getByText('Salaries of 2026').waitFor();
      expect(sent.filter((request) => request.includes('sesame'))).toEqual([]);
    }),
    SCENE_MS,
  );

  it(
    'light up the places of the field that has the focus, and a place leads to its field, by mouse and keyboard',
    scene('documents-evidence', async () => {
      const reviewer = await house.visit();
      const { page } = reviewer;
      await openTask(reviewer, FILES.slice(0, 2), ([invoice, scan]) => ({
        vendor: { document: invoice, box: [0.38, 0.07, 0.17, 0.04] },
        total: [
          { document: invoice, page: 12, box: [0.09, 0.87, 0.4, 0.04] },
          { document: scan, box: [0.5, 0, 0.5, 1] },
        ],
      }));
      const pane = reviewer.region('Documents');
      const form = reviewer.region('Your answer');
      const [vendor, total] = [form.getByRole('textbox', { name: 'Vendor' }), form.getByRole('textbox', { name: 'Total' })];
      const lit = pane.locator('[data-lit]');

      await total.focus();
      const place = pane.getByRole('button', { name: 'Total: found here. Go to the field' });
      await place.and(lit).waitFor();
      const [box, words, around] = await Promise.all([
        place.boundingBox(),
        pane.getByText('Total: 1234.50 EUR').boundingBox(),
        pane.getByRole('group', { name: 'Content of invoice.pdf' }).boundingBox(),
      ]);
      if (!box || !words || !around) throw new Error('They are on the page.');
      expect([box.x - words.x, box.y - words.y, words.x + words.width - box.x - box.width].every((off) => off < 0)).toBe(true);
      expect(box.y).toBeGreaterThan(around.y);
      expect(box.y + box.height).toBeLessThan(around.y + around.height);

      const bar = pane.getByRole('group', { name: 'Where values were found' });
      await bar.getByRole('button', { name: 'Total' }).click();
      await pane.getByRole('group', { name: 'Content of scan.png' }).locator('[data-lit]').waitFor();
      await bar.getByRole('button', { name: 'Vendor' }).press('Enter');
      const first = pane.getByRole('button', { name: 'Vendor: found here. Go to the field' });
      await first.and(lit).waitFor();
      await first.press('Enter');
      await reviewer.page.keyboard.type('Nord Air');
      expect(await vendor.inputValue()).toBe('Nord Air');
      await form.getByRole('button', { name: 'Complete', exact: true }).focus();
      await lit.waitFor({ state: 'detached' });
      expect(await seriousFindings(page)).toEqual([]);
    }),
    SCENE_MS,
  );

  it.each(['light', 'dark'] as const)(
    'are fit for everybody when it is %s, also 400 pixels wide',
    (colorScheme) =>
      scene(`documents-${colorScheme}`, async () => {
        const reviewer = await house.visit({ colorScheme });
        const { page } = reviewer;
        await openTask(reviewer, FILES.slice(0, 2));
        const content = page.getByRole('group', { name: 'Content of invoice.pdf' });
        await content.getByText('Invoice 4711 of Nord Air').waitFor();
        expect(await seriousFindings(page)).toEqual([]);
        await page.setViewportSize({ width: 400, height: 900 });
        await content.getByText('Invoice 4711 of Nord Air').waitFor();
        expect(await seriousFindings(page)).toEqual([]);
        expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(400);
      })(),
    SCENE_MS,
  );
});

type Found = (documents: readonly { id: string; fileName: string }[]) => object;

/** Sends the files, starts a run with references to them, and to one that is gone, and opens its task. */
async function openTask(reviewer: Visitor, files: readonly (typeof FILES)[number][], found: Found = () => ({})): Promise<void> {
  await reviewer.signInAs('operator');
  const documents = [];
  for (const file of files) {
    const response = await reviewer.page.request.post('/documents', { multipart: { files: file }, headers: { 'x-stepwell-csrf': '1' } });
    const [sent] = (await response.json()) as { id: string; fileName: string }[];
    if (!sent) throw new Error(`${file.name} was not taken.`);
    documents.push({ id: sent.id, fileName: sent.fileName });
  }
  const { startRun } = await reviewer.ask('mutation ($input: JSON) { startRun(workflow: "invoice", input: $input) { run { id } } }', {
    input: { invoice: 'A-1', documents: [...documents, GONE], found: found(documents) },
  });
  await reviewer.page.goto(`/runs/${startRun.run.id}`);
  await reviewer.page.locator('a[href^="/inbox/"]').first().click();
  await reviewer.region('Your answer').getByRole('textbox').first().waitFor();
}

/** How many pixels of a canvas are dark. */
function inkOf({ page }: Visitor, canvas: string): Promise<number> {
  return page.evaluate(`{
    const canvas = document.querySelector(${JSON.stringify(canvas)});
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] < 128 && data[at + 3] > 128) ink++;
    ink;
  }`);
}
