import { writeFileSync } from 'node:fs';

import { expect, test } from '../harness/test.ts';
import { Wire } from '../harness/wire.ts';
import { word } from '../harness/words.ts';

const UNIT = 1e7;
const PLACES = 40;

test('what the host imports is seen live in an open browser, and the second time only what changed', async ({ people, town, server, api }, info) => {
  const file = info.outputPath('Rathaus.geojson');
  const write = (name: (n: number) => string) => {
    const features = Array.from({ length: PLACES }, (_, n) => {
      const { lat, lon } = town.at((n % 8) * 30 - 100, Math.floor(n / 8) * 30 - 60);
      return { type: 'Feature', id: `platz-${n}`, properties: { name: name(n) }, geometry: { type: 'Point', coordinates: [lon / UNIT, lat / UNIT] } };
    });
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
  };
  const anna = await people.browser();
  const wire = new Wire(anna.page);
  await anna.open(town.view());
  await anna.expectLive();
  await anna.settled();
  await expect(anna.main).toContainText(word('home_empty_title'));
  wire.reset();
  const before = await api.head();

  write((n) => `Platz ${n}`);
  expect(await server.import(file)).toMatch(/40 knotted/);
  await expect(anna.main.getByRole('list').getByRole('listitem')).toHaveCount(PLACES);
  await expect(anna.knot('Platz 7')).toBeVisible();
  expect(wire.requests, 'nothing but the one socket was used').toEqual([]);

  await test.step('they stay: the source holds each by its yarn, and is nowhere on the map', async () => {
    const log = await api.log(before);
    expect(log.filter((line) => line.payload.type === 'FadenVerzwirnt')).toHaveLength(PLACES);
    await anna.openKnot('Platz 7');
    await expect(anna.main).toContainText('Rathaus');
    await expect(anna.main).toContainText(word('node_holds_yarn', { names: 'Rathaus' }));
    await anna.home();
  });
  await test.step('the same source again changes and does not double', async () => {
    write((n) => (n === 7 ? 'Platz des Friedens' : `Platz ${n}`));
    expect(await server.import(file)).toMatch(/0 knotted\s+1 changed\s+39 unchanged/);
    await expect(anna.knot('Platz des Friedens')).toBeVisible();
    await expect(anna.knot('Platz 7')).toHaveCount(0);
    await expect(anna.main.getByRole('list').getByRole('listitem')).toHaveCount(PLACES);
  });
});
