import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('where no map can be drawn the page says so, and the list shows the same, live', async ({ people, town }) => {
  const bert = await people.browser();
  await bert.open(town.view());
  expect(await bert.page.evaluate(() => document.createElement('canvas').getContext('webgl2'))).toBeNull();
  await expect(bert.main).toContainText(word('mapless'));
  await bert.expectLive();
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.weave({ title: 'Ohne Karte' });
  await expect(bert.knot('Ohne Karte')).toBeVisible();
});

test('an empty place says what can be done there', async ({ people }) => {
  const guest = await people.browser();
  // The middle of the Pacific: rooms are held there, and nothing is near.
  await guest.open('/?@-48.87660,-123.39330,15.00');
  await guest.expectLive();
  await expect(guest.main).toContainText(word('home_empty_title'));
});
