import type { Locator } from '@playwright/test';

import type { AppPage } from '../harness/app.ts';
import { APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

/** More stops there are on no page of a small neighbourhood. */
const STOPS_MAX = 120;

/** Goes on with Tab alone until `target` has the focus, or says where it went instead. */
async function tabTo({ page }: AppPage, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const passed: string[] = [];
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
    passed.push(await page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 30) || document.activeElement?.tagName || 'nothing'));
  }
  throw new Error(`Tab does not lead to ${target}; it passes ${passed.join(', ')}`);
}

test('with Tab, Enter and Escape alone one weaves, twists, talks, looks through a lens and shares', async ({ people, town }) => {
  test.setTimeout(120_000);
  const { anna } = await weaveNeighbourhood(people, town);
  const app = await people.browser(anna);
  const { page, main, bar } = app;
  await app.open(town.view());
  await app.expectLive();
  // The first stop passes by the map, to what one reads.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(main).toBeFocused();

  const lens = main.getByRole('navigation', { name: word('lens_title') }).getByRole('link', { name: word('kind_tool') });
  await tabTo(app, lens);
  await page.keyboard.press('Enter');
  await expect(lens).toHaveAttribute('aria-current', 'true');
  await expect(lens, 'the focus stays where it acts').toBeFocused();
  await tabTo(app, page.locator('.lensed').getByRole('link'));
  await page.keyboard.press('Enter');
  await expect(lens).not.toHaveAttribute('aria-current', 'true');

  await tabTo(app, app.knot(APPLES));
  await page.keyboard.press('Enter');
  await expect(app.heading(APPLES), 'the focus goes to what has opened').toBeFocused();
  await page.keyboard.press('Escape');
  await expect(app.heading(word('home_title'))).toBeVisible();

  await tabTo(app, bar.getByRole('link', { name: word('bar_weave_short') }));
  await page.keyboard.press('Enter');
  await expect(app.heading(word('weave_title'))).toBeFocused();
  await tabTo(app, main.getByRole('radio').first());
  for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await expect(main.getByRole('radio', { name: word('kind_place') })).toBeChecked();
  await tabTo(app, app.titleField);
  await page.keyboard.type('Von Hand');
  await tabTo(app, main.getByRole('button', { name: word('weave_submit'), exact: true }));
  await page.keyboard.press('Enter');
  await expect(app.heading('Von Hand')).toBeFocused();
  await app.expectWaiting(0);

  const twist = main.getByRole('button', { name: word('node_twist'), exact: true });
  await tabTo(app, twist);
  await page.keyboard.press('Enter');
  await expect(main.getByRole('button', { name: word('node_untwist'), exact: true })).toBeVisible();
  await tabTo(app, main.getByLabel(word('talk_message')));
  await page.keyboard.type('Von Hand gesagt.');
  await page.keyboard.press('Control+Enter');
  await expect(main.getByRole('log')).toContainText('Von Hand gesagt.');
  await app.expectWaiting(0);

  await tabTo(app, main.getByRole('link', { name: word('share'), exact: true }));
  await page.keyboard.press('Enter');
  await expect(app.heading(word('share_title'))).toBeVisible();
  await page.goBack();
  await expect(app.heading('Von Hand')).toBeVisible();
});
