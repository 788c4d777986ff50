import { writeFileSync } from 'node:fs';

import { AppPage } from '../harness/app.ts';
import { Guard } from '../harness/guard.ts';
import { Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';
import { Town } from '../harness/town.ts';
import { word } from '../harness/words.ts';

const MANY = 20_000;
const UNIT = 1e7;

test('twenty thousand knots in one town are listed, opened, narrowed and changed', async ({ browser }, info) => {
  test.setTimeout(300_000);
  const server = await Server.start();
  const guard = new Guard(server.port);
  const context = await browser.newContext({ baseURL: server.url });
  try {
    await guard.watch(context);
    const town = new Town();
    const file = info.outputPath('Kataster.geojson');
    const write = (name: (n: number) => string) => {
      const features = Array.from({ length: MANY }, (_, n) => {
        const { lat, lon } = town.at((n % 200) * 5 - 500, Math.floor(n / 200) * 10 - 500);
        return { type: 'Feature', id: `ort-${n}`, properties: { name: name(n) }, geometry: { type: 'Point', coordinates: [lon / UNIT, lat / UNIT] } };
      });
      writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
    };
    write((n) => `Ort ${n}`);
    expect(await server.import(file)).toContain(`${MANY} knotted`);

    const guest = new AppPage(await context.newPage());
    await guest.open(town.view());
    await expect(guest.page.locator('[data-line="live"]')).toBeAttached({ timeout: 60_000 });
    const middle = guest.knot('Ort 10100');
    await expect(middle).toBeVisible({ timeout: 60_000 });
    await expect(guest.main.locator('.tally')).toHaveText(word('home_nearest_many', { n: 50 }));
    await middle.click();
    await expect(guest.heading('Ort 10100')).toBeVisible();
    await guest.page.goBack();
    await expect(middle).toBeVisible();
    await guest.open(`${town.view()}&linse=tool`);
    await expect(guest.main).toContainText(word('lens_nothing'));
    await guest.main.getByRole('link', { name: word('lens_clear') }).click();
    await expect(middle).toBeVisible();
    write((n) => (n === 10_100 ? 'Mitte der Welt' : `Ort ${n}`));
    expect(await server.import(file)).toMatch(/\b0 knotted\s+1 changed\b/);
    await expect(guest.knot('Mitte der Welt')).toBeVisible();
    expect(guard.found).toEqual([]);
  } finally {
    await context.close();
    await server.remove();
  }
});
