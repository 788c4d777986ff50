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
  // Knot, thread and name fade in one after the other.
  const off = async () => {
    const live = await look(guest.page, linen.png);
    return live.changed > 150 ? Math.max(Math.abs(live.x - drawn.x), Math.abs(live.y - drawn.y)) : Infinity;
  };
  await expect.poll(off, 'how far off it lies, in pixels').toBeLessThan(4);
});
