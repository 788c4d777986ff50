import { expectAccessible } from '../harness/axe.ts';
import { LooseMap } from '../harness/loose-map.ts';
import { colours } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('the page of the design shows every picture that the map registers, drawn by the map’s own code', async ({ app, page, people }) => {
  const other = await people.browser();
  await LooseMap.open(other.page);
  const registered = await other.page.evaluate(() => Reflect.get(window, 'loose').map.listImages() as string[]);
  expect(registered.length).toBeGreaterThan(15);

  await page.goto('/_style');
  const pictures = app.main.locator('#pictures canvas');
  for (const name of registered) {
    // In the light and in the dark.
    const shown = app.main.locator(`#pictures canvas[data-image="${name}"]`);
    await expect.poll(() => shown.count(), name).toBeGreaterThanOrEqual(2);
    for (const picture of await shown.all()) {
      await expect(picture, `${name} is called by what it is`).not.toHaveAccessibleName(new RegExp(`^${name}`));
      const seen = await picture.evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
      expect(seen, `${name} is not blank`).toBeGreaterThan(3);
    }
  }
  const names = await pictures.evaluateAll((all) => all.map((canvas) => (canvas as HTMLElement).dataset['image']!));
  expect(names.filter((name) => !registered.includes(name)), 'nothing that the map does not draw').toEqual([]);

  for (const sample of await app.main.locator('[data-sample]').all()) {
    await expect(sample).toHaveAttribute('data-drawn', '', { timeout: 30_000 });
    await sample.scrollIntoViewIfNeeded();
    await expect.poll(async () => colours(page, await sample.screenshot())).toBeGreaterThan(40);
  }
  await expect(app.main.getByText(word('guide_needs_script')).first()).toBeHidden();
  await expect(app.main.getByText(word('guide_woven_mapless'))).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 'nothing is wider than the window').toBeLessThanOrEqual(0);
  await expectAccessible(page, '/_style');
});

test('on the page of the design spools turn, and glow where nothing may move', async ({ app, page }) => {
  const spool = () => app.main.locator('canvas[data-image="spool-turning"]').first().evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await page.goto('/_style');
  const turn = app.main.getByRole('button', { name: word('guide_turn') });
  await expect(turn).toBeVisible();
  const still = await spool();
  await turn.click();
  await expect.poll(spool).not.toBe(still);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.reload();
  await expect(turn).toBeVisible();
  const glow = await spool();
  expect(glow, 'it has a ring around it').not.toBe(still);
  await turn.click();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  expect(await spool(), 'nothing moves').toBe(glow);
});
