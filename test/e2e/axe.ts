/**
 * What axe finds wrong on a page, shadow roots included, as sentences. It is handed to the page by the debugger, so the
 * Content Security Policy of the app stays as it is.
 */
import axe from 'axe-core';
import type { Page } from 'playwright/test';

const allRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** `rules`: tags, or names of rules, in place of all of them. */
export async function axeFindings(page: Page, rules = allRules): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  if (!isThere) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (tags) => {
    const found = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: tags,
      resultTypes: ['violations'],
    });
    return found.violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ target, failureSummary }) => ({ target: target.flat(), failureSummary })),
    }));
  }, rules);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id}: ${target.join(' ')}: ${failureSummary.split('\n').slice(1, 2).join(' ').trim()}`,
    ),
  );
}
