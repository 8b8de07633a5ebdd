/** What axe-core finds wrong with a page that is bad enough to keep somebody out. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** @returns the serious and critical findings, each with where it is; nothing when the page is fit for everybody */
export async function seriousFindings(page: Page): Promise<string[]> {
  // In legacy mode it opens no page of its own; there are no frames of others here.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')} ${failureSummary ?? ''}`),
    );
}

/** @returns what the page is too narrow for: nobody should have to scroll both ways to read a line. A table may scroll in its own box. */
export async function tooWide(page: Page): Promise<string[]> {
  const excess = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  return excess === 0 ? [] : [`The page is ${String(excess)} pixels wider than its window.`];
}
