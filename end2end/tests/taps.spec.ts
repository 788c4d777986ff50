import type { Locator, Page } from '@playwright/test';

import { NO_NETWORK } from '../harness/guard.ts';
import { expect, test } from '../harness/test.ts';

test('two buttons tapped in quick succession are two', async ({ people, town, guard, api }) => {
  guard.expects(...NO_NETWORK);
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  const before = await api.head();
  await anna.page.context().setOffline(true);
  for (const title of ['Eins', 'Zwei', 'Drei', 'Vier']) await anna.weave({ title });
  await anna.me();
  await anna.expectWaiting(4);
  // From below, so that nothing moves under the finger.
  for (const [tap, titles] of [[touch(anna), ['Vier', 'Drei']], [click(anna), ['Zwei', 'Eins']]] as const) {
    await anna.withdrawButton(titles[0]).scrollIntoViewIfNeeded();
    const [lower, upper] = [await middle(anna.withdrawButton(titles[0])), await middle(anna.withdrawButton(titles[1]))];
    await tap(lower);
    await tap(upper);
    for (const title of titles) await expect(anna.waiting(title), title).toHaveCount(0);
  }
  await anna.expectWaiting(0);
  await anna.page.context().setOffline(false);
  await anna.expectLive();
  expect(await api.log(before)).toEqual([]);
});

test('a double tap is one, whatever has come to lie there', async ({ people, town, api }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  const before = await api.head();
  for (const [tap, title] of [[touch(anna), 'Mit dem Finger'], [undefined, 'Mit der Maus']] as const) {
    await anna.weave({ title });
    const at = await middle(anna.twistButton);
    if (tap) await Promise.all([tap(at), tap(at)]);
    else await anna.page.mouse.dblclick(at.x, at.y, { delay: 60 });
    await expect(anna.twistButton).toHaveCount(0);
    await anna.expectWaiting(0);
  }
  const done = (await api.log(before)).map((line) => line.payload.type);
  expect(done).toEqual(['KnotenGeknuepft', 'FadenVerzwirnt', 'KnotenGeknuepft', 'FadenVerzwirnt']);
});

test('a key that is held down presses once', async ({ people, town, api }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.weave({ title: 'Mit der Taste' });
  await anna.expectWaiting(0);
  const before = await api.head();
  await anna.twistButton.focus();
  for (let repeats = 0; repeats < 8; repeats += 1) await anna.page.keyboard.down('Enter');
  await anna.page.keyboard.up('Enter');
  await expect(anna.twistButton).toHaveCount(0);
  await anna.expectWaiting(0);
  expect((await api.log(before)).map((line) => line.payload.type)).toEqual(['FadenVerzwirnt']);
});

interface Point {
  x: number;
  y: number;
}

const touch = ({ page }: { page: Page }) => ({ x, y }: Point) => page.touchscreen.tap(x, y);
const click = ({ page }: { page: Page }) => ({ x, y }: Point) => page.mouse.click(x, y);

async function middle(button: Locator): Promise<Point> {
  await button.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await button.boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
}
