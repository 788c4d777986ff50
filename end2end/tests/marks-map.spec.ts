import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('an area is drawn on the map, corner by corner', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const app = await people.browser(anna);
  await app.open(town.view(15, '/gebiete'));
  await app.expectMap();
  await app.main.getByRole('button', { name: word('areas_draw') }).click();
  const box = await app.page.locator('#map canvas').boundingBox();
  if (!box) throw new Error('there is no map');
  // In what neither a phone's panel at its lowest nor a desktop's beside the map covers.
  const at = async (x: number, y: number) => app.page.mouse.click(box.x + box.width * x, box.y + box.height * y);
  await at(0.6, 0.2);
  await at(0.85, 0.25);
  await at(0.75, 0.45);
  await expect(app.main.getByRole('status').filter({ hasText: '3' })).toHaveCount(1);
  await at(0.6, 0.2);
  await expect(app.main.locator('[data-area]')).toContainText(word('areas_drawn', { n: 3 }));
  await app.main.getByLabel(word('areas_name')).fill('Dreieck');
  await app.main.getByRole('button', { name: word('areas_keep') }).click();
  await app.main.getByRole('link', { name: 'Dreieck' }).click();
  const corners = await app.main.locator('[name=corners]').inputValue();
  expect(corners.split(';')).toHaveLength(3);
});
