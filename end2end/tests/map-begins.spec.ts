import { uuid7 } from '../harness/ids.ts';
import { look } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

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

test('the first tap of all on a knot’s page shows it on the map, which opens by that very tap', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const node = uuid7();
  const there = town.at(3000, 2000);
  await people.does(anna, { act: 'knot-node', node, kind: 'tool', title: 'Ei', text: '', place: there, starts_at: null });
  const guest = await people.browser();
  await guest.open(town.view(13, `/knoten/${node}`));
  await guest.main.getByRole('button', { name: word('node_show') }).click();
  await guest.expectMap();
  const looksAt = () => {
    const [, lat, lon] = /@(-?[\d.]+),(-?[\d.]+),/.exec(guest.page.url()) ?? [];
    return Math.max(Math.abs(Number(lat) * 1e7 - there.lat), Math.abs(Number(lon) * 1e7 - there.lon));
  };
  await expect.poll(looksAt, 'how far off it looks').toBeLessThan(1000);
  // It has come to rest there and does not go back.
  await guest.settled();
  expect(looksAt()).toBeLessThan(1000);
});
