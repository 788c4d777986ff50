import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { look } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

/** Clicks into the map, by shares of it: in what neither a phone's panel at its lowest nor a desktop's beside the map covers. */
async function corner(app: AppPage, x: number, y: number): Promise<void> {
  const box = await app.page.locator('#map canvas').boundingBox();
  if (!box) throw new Error('there is no map');
  await app.page.mouse.click(box.x + box.width * x, box.y + box.height * y);
}

const begin = (app: AppPage) => app.main.getByRole('button', { name: word('areas_draw') });
/** What stands over the map while one draws. */
const board = (app: AppPage) => app.page.getByRole('region', { name: word('areas_draw') });
const way = (app: AppPage, key: string) => board(app).getByRole('button', { name: word(key) });
const expectCorners = (app: AppPage, n: number) => expect(board(app).getByRole('status')).toHaveText(word('areas_corners', { n }));

test('an area is drawn on the map, corner by corner', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const app = await people.browser(anna);
  await app.open(town.view(15, '/gebiete'));
  await app.expectMap();
  await begin(app).click();
  await expect(board(app)).toContainText(word('areas_drawing'));
  await expectCorners(app, 0);
  await expect(way(app, 'areas_draw_done')).toBeDisabled();
  for (const key of ['areas_draw_done', 'areas_draw_undo', 'areas_draw_cancel']) {
    const box = await way(app, key).boundingBox();
    expect(Math.min(box?.height ?? 0, box?.width ?? 0), `${key} is as large as a thumb`).toBeGreaterThanOrEqual(44);
  }
  await expectAccessible(app.page, 'drawing an area');
  await corner(app, 0.6, 0.2);
  await corner(app, 0.85, 0.25);
  await corner(app, 0.75, 0.45);
  await expectCorners(app, 3);
  await corner(app, 0.65, 0.4);
  await expectCorners(app, 4);
  await way(app, 'areas_draw_undo').click();
  await expectCorners(app, 3);
  await corner(app, 0.6, 0.2);
  await expect(board(app), 'the first corner once more closes it').toHaveCount(0);
  await expect(app.main.locator('[data-area]')).toContainText(word('areas_drawn', { n: 3 }));
  await expect(begin(app)).toBeFocused();
  await app.main.getByLabel(word('areas_name')).fill('Dreieck');
  await app.main.getByRole('button', { name: word('areas_keep') }).click();
  await app.main.getByRole('link', { name: 'Dreieck' }).click();
  const corners = await app.main.locator('[name=corners]').inputValue();
  expect(corners.split(';')).toHaveLength(3);
});

test('what was drawn leaves the map with its form, and a drawing that is given up changes nothing', async ({ people, town }) => {
  const app = await people.browser(await people.register('Anna'));
  await app.open(town.view(15, '/gebiete'));
  await app.expectMap();
  const before = await app.main.locator('[name=corners]').inputValue();
  const { png: empty } = await look(app.page);
  await begin(app).click();
  await expectCorners(app, 0);
  await corner(app, 0.6, 0.2);
  await expectCorners(app, 1);
  await way(app, 'areas_draw_cancel').click();
  await expect(board(app)).toHaveCount(0);
  expect(await app.main.locator('[name=corners]').inputValue()).toBe(before);
  await expect.poll(async () => (await look(app.page, empty)).changed, 'nothing is left of it').toBeLessThan(20);

  await begin(app).click();
  await expectCorners(app, 0);
  for (const [x, y] of [[0.6, 0.2], [0.85, 0.25], [0.7, 0.35]] as const) await corner(app, x, y);
  await expectCorners(app, 3);
  await way(app, 'areas_draw_done').click();
  await expect(app.main.locator('[data-area]')).toContainText(word('areas_drawn', { n: 3 }));
  await expect.poll(async () => (await look(app.page, empty)).changed, 'it stands on the map').toBeGreaterThan(100);
  await app.home();
  await expect.poll(async () => (await look(app.page, empty)).changed, 'it has gone with its form').toBeLessThan(20);
});

test('an area is drawn with keys alone', async ({ people, town }) => {
  const app = await people.browser(await people.register('Anna'));
  await app.open(town.view(15, '/gebiete'));
  await app.expectMap();
  await begin(app).focus();
  await app.page.keyboard.press('Enter');
  await expectCorners(app, 0);
  const { keyboard } = app.page;
  const { search } = new URL(app.page.url());
  await keyboard.press('Enter');
  await expectCorners(app, 1);
  let at = search;
  for (const [n, key] of [[2, 'ArrowRight'], [3, 'ArrowUp']] as const) {
    await keyboard.press(key);
    await expect.poll(() => new URL(app.page.url()).search, 'the map has come to rest').not.toBe(at);
    at = new URL(app.page.url()).search;
    await keyboard.press('Enter');
    await expectCorners(app, n);
  }
  await keyboard.press('Backspace');
  await expectCorners(app, 2);
  await keyboard.press('Enter');
  await expectCorners(app, 3);
  await way(app, 'areas_draw_done').focus();
  await keyboard.press('Enter');
  await expect(app.main.locator('[data-area]')).toContainText(word('areas_drawn', { n: 3 }));
});

test('where drawing can not be loaded it says so, and is offered no longer than there is a map', async ({ people, town, guard }) => {
  guard.expects(/net::ERR_FAILED/);
  const app = await people.browser(await people.register('Anna'));
  await app.page.route(/areas.*\.js/, (route) => route.abort());
  await app.open(town.view(15, '/gebiete'));
  await app.expectMap();
  await begin(app).click();
  await expect(app.main.getByRole('alert')).toHaveText(word('areas_draw_failed'));
  await app.page.evaluate(() => document.querySelector<HTMLCanvasElement>('#map canvas')?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext());
  await expect(begin(app)).toBeHidden();
});
