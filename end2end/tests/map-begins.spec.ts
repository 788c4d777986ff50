import { uuid7 } from '../harness/ids.ts';
import { look } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';

test('the map takes over where the server drew, and nothing moves', async ({ people, town, guard }) => {
  const anna = await people.register('Anna');
  const place = town.at(30, 20);
  await people.does(anna, { act: 'knot-node', node: uuid7(), kind: 'tool', title: 'Ei', text: '', place, starts_at: null });

  // Where the map never comes, what the server drew stays.
  guard.expects(/net::ERR_FAILED/);
  const still = await people.browser();
  await still.page.route('**/maplibre-gl*', (route) => route.abort());
  await still.open(town.view(16));
  const picture = still.page.locator('.first-weave');
  const hide = (on: boolean) => picture.evaluate((element, on) => element.toggleAttribute('hidden', on), on);
  await hide(true);
  const linen = await look(still.page);
  await hide(false);
  const drawn = await look(still.page, linen.png);
  expect(drawn.changed, 'the server drew it').toBeGreaterThan(150);

  const guest = await people.browser();
  await guest.open(town.view(16));
  await guest.expectMap();
  await guest.expectLive();
  await expect.poll(async () => (await look(guest.page, linen.png)).changed).toBeGreaterThan(150);
  const live = await look(guest.page, linen.png);
  expect(Math.abs(live.x - drawn.x), `across: ${live.x}, drawn ${drawn.x}`).toBeLessThan(4);
  expect(Math.abs(live.y - drawn.y), `down: ${live.y}, drawn ${drawn.y}`).toBeLessThan(4);
});
