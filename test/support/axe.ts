import type { Page } from 'playwright-core';
import { fromTools } from './tools-package.js';

const { default: axe } = await fromTools<{ default: { source: string } }>('axe-core');

/**
 * Serious and critical findings of axe on a page in its present state, each with the place and `where`.
 * @param colorsOnly where the rest was looked at before
 */
export async function seriousFaults(page: Page, where: string, colorsOnly = false): Promise<string[]> {
  // Between light and dark colours move for a moment; what is seen then counts for nobody.
  await page.evaluate(
    `for (const moving of document.getAnimations()) if (moving instanceof CSSTransition) moving.finish()`,
  );
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const rules = colorsOnly ? { runOnly: ['color-contrast'] } : {};
  const found = await page.evaluate(
    `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...rules })}).then(({ violations }) => violations
       .filter(({ impact }) => impact === 'serious' || impact === 'critical')
       .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ target, failureSummary }) => target + ' ' + failureSummary).join('; ')))`,
  );
  return (found as string[]).map((fault) => `${where}: ${fault}`);
}
