import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AppPage } from '../harness/app.ts';
import { PHONE, WIDE } from '../harness/browser.ts';
import { GARNAU, test } from '../harness/ground.ts';
import { status } from '../harness/guard.ts';
import { look, shoot } from '../harness/picture.ts';
import { LooseMap } from '../harness/loose-map.ts';
import { APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { expect } from '../harness/test.ts';
import { Wire } from '../harness/wire.ts';
import { word } from '../harness/words.ts';

/** There is no base map of this place. */
const NOWHERE = '/?@46.00000,6.00000,15.50';
const FOLDER = join(import.meta.dirname, '..', 'screenshots');

/** Nothing of the page lies over it. */
async function expectUncovered(app: AppPage): Promise<void> {
  const isOnTop = () =>
    app.credit.evaluate((credit) => {
      const { left, top, width, height } = credit.getBoundingClientRect();
      const found = document.elementFromPoint(left + width / 2, top + height / 2);
      return height > 0 && credit.contains(found);
    });
  await expect.poll(isOnTop, 'the credit is seen').toBe(true);
}

/** One neighbourhood is enough for all pictures. */
let woven: Promise<unknown> | undefined;

for (const [device, viewport] of [['phone', PHONE], ['desktop', WIDE]] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${device}, ${colorScheme}`, () => {
      test.use({ ...viewport, colorScheme });

      test('the base map lies under the weave and says whom it comes from', async ({ app, people }) => {
        await app.open(NOWHERE);
        await app.expectMap();
        const linen = await look(app.page);
        const wire = new Wire(app.page);
        await app.open(GARNAU.view(15.5));
        await app.expectMap();
        await app.expectGround();
        const ground = await look(app.page, linen.png, 12);
        expect(ground.colours, 'water, green, houses, streets').toBeGreaterThan(60);
        expect(ground.changed, 'it is not plain linen').toBeGreaterThan(10_000);
        await expect(app.credit).toContainText('© OpenMapTiles © OpenStreetMap contributors');
        await expect(app.credit.getByRole('link', { name: 'OpenStreetMap contributors' })).toHaveAttribute(
          'href',
          'https://www.openstreetmap.org/copyright',
        );
        await expectUncovered(app);
        const tiles = wire.requests.filter((request) => request.includes('/basemap/'));
        expect(tiles.length, 'tiles were asked for').toBeGreaterThan(0);
        for (const tile of tiles) expect(tile).toMatch(/^GET \/basemap\/14\/857[67]\/52(48|49)\?v=[0-9a-f]+$/);
        await (woven ??= weaveNeighbourhood(people, GARNAU));
        await expect(app.knot(APPLES).first()).toBeVisible();
        await app.settled();
        await shoot(app.page, join(FOLDER, `${device}-${colorScheme}`, '19-base-map.png'));
      });
    });
  }
}

test('the base map follows when the page turns dark', async ({ app }) => {
  await app.page.emulateMedia({ colorScheme: 'light' });
  await app.open(GARNAU.view(15.5));
  await app.expectGround();
  const light = await look(app.page);
  await app.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(async () => (await look(app.page, light.png)).changed, 'all of it').toBeGreaterThan(50_000);
  expect((await look(app.page)).colours).toBeGreaterThan(60);
});

test('each colour is its layer\'s own, so that no tile is laid out anew for another scheme', async ({ page }) => {
  const { lat, lon } = GARNAU.at(-10, -105);
  const map = await LooseMap.open(page, { lat: lat / 1e7, lon: lon / 1e7, zoom: 15 });
  await map.laid();
  const colours = await page.evaluate(() => {
    const { layers } = Reflect.get(window, 'loose').map.getStyle() as { layers: { id: string; paint?: Record<string, unknown> }[] };
    const ground = layers.filter(({ id }) => id.startsWith('ground-'));
    return ground.flatMap(({ id, paint = {} }) => Object.entries(paint).flatMap(([name, value]) => (name.endsWith('-color') ? [[id, JSON.stringify(value)]] : [])));
  });
  expect(colours.length).toBeGreaterThan(30);
  expect(colours.filter(([, colour]) => /"(get|feature-state)"/.test(colour!))).toEqual([]);
});

test('who made the base map is named on the page about the weave', async ({ page }) => {
  await page.goto('/ueber');
  await expect(page.getByRole('main')).toContainText('© OpenMapTiles © OpenStreetMap contributors');
});

test('streets, waters, houses and places have their names on it, written in letters', async ({ page }) => {
  // Where a house with a number stands, in what `look` looks at.
  const { lat, lon } = GARNAU.at(-10, -105);
  const wanted: [zoom: number, layers: string[], name: RegExp][] = [
    [13, ['ground-stream-name', 'ground-river-name'], /^(Garn|Spulenbach)$/],
    [13, ['ground-town-name', 'ground-village-name', 'ground-quarter-name'], /Garnau/],
    [16, ['ground-street-name', 'ground-way-name'], /(gasse|straße|weg)$/],
    [17.5, ['ground-number'], /^\d+$/],
  ];
  for (const [zoom, layers, name] of wanted) {
    const map = await LooseMap.open(page, { lat: lat / 1e7, lon: lon / 1e7, zoom });
    await map.laid();
    const names = await map.names(...layers);
    expect(names.find((one) => name.test(one)), `${zoom}: ${names}`).toBeDefined();
    const named = await look(page);
    await map.hide(...layers);
    expect((await look(page, named.png, 12)).changed, `the letters of ${names}`).toBeGreaterThan(30);
  }
});

test('a base map that is cut while it is served leaves plain linen, says so, and comes back', async ({ app, file, guard }) => {
  guard.expects(status(503));
  const whole = await readFile(file);
  await truncate(file, whole.length / 2);
  await app.open(GARNAU.view(15.5));
  await app.expectMap();
  await expect(app.credit).toContainText(word('map_away'));
  await app.page.screenshot({ path: join(FOLDER, 'phone-light', '20-base-map-away.png') });
  await writeFile(file, whole);
  await app.expectGround();
  await expect(app.credit).not.toContainText(word('map_away'));
  expect((await look(app.page)).colours).toBeGreaterThan(60);
});
