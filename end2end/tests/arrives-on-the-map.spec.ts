import { look } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';

test('a knot woven in one browser appears on the map of another', async ({ people, town }) => {
  test.slow();
  const anna = await people.browser(await people.register('Anna', { show: 'exact', place: town.at(60, 60) }));
  const bert = await people.browser(await people.register('Bert'));
  await bert.open(town.view(16));
  await bert.expectMap();
  await bert.expectLive();
  await anna.open(town.view(16));
  await anna.expectLive();
  const empty = await look(bert.page);
  await anna.weave({ title: 'Nur auf der Karte zu sehen' });
  await expect.poll(async () => (await look(bert.page, empty.png)).changed).toBeGreaterThan(300);
  await expect(bert.knot('Nur auf der Karte zu sehen')).toBeVisible();
});
