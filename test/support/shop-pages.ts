import type { FrameLocator, Page } from 'playwright-core';

/** Fills the card form of the sandbox and sends it. */
export async function payWith(page: Page | FrameLocator, number: string): Promise<void> {
  await page.getByLabel('Card number').fill(number);
  await page.getByLabel('Valid until').fill('1230');
  await page.getByLabel('Security code').fill('123');
  await page.getByRole('button', { name: /^Pay / }).click();
}

/** Moves the pointer over the map until it is above a free seat. */
export async function findFree(page: Page): Promise<{ x: number; y: number }> {
  const box = (await page.locator('.map-frame canvas').boundingBox())!;
  for (let i = 0; i < 400; i++) {
    const at = {
      x: box.x + box.width * (0.1 + ((i * 0.037) % 0.8)),
      y: box.y + box.height * (0.1 + ((i * 0.061) % 0.8)),
    };
    await page.mouse.move(at.x, at.y);
    const tip = page.locator('.map-tip');
    if ((await tip.count()) > 0 && /(free|frei)$/.test((await tip.textContent({ timeout: 500 })) ?? ''))
      return at;
  }
  throw new Error('No free seat under the pointer');
}
