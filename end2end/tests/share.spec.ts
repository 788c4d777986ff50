import { expectAccessible } from '../harness/axe.ts';
import { APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

for (const javaScriptEnabled of [false, true]) {
  test.describe(javaScriptEnabled ? 'awake' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    for (const lang of ['de', 'en'] as const) {
      test(`what is open is shared by link and code, and one comes back, in ${lang}`, async ({ app, people, town }) => {
        const weave = await weaveNeighbourhood(people, town);
        const knot = `/knoten/${weave.node(APPLES)}`;
        for (const [path, name] of [
          [town.view(15.5), null],
          [town.view(15.5, knot), APPLES],
          [town.view(15.5, `/rolle/${weave.anna.role}`), weave.anna.name],
        ] as const) {
          await app.page.goto(`${path}&lang=${lang}`);
          if (javaScriptEnabled) await app.expectAwake();
          await app.main.getByRole('link', { name: word('share', {}, lang), exact: true }).click();
          await expect(app.heading(word('share_title', {}, lang))).toBeVisible();
          const field = app.main.getByLabel(word('share_link', {}, lang), { exact: true });
          await expect(field).toHaveValue(new URL(path, app.page.url()).href);
          await expect(app.main.getByRole('img', { name: word('share_code', {}, lang) })).toBeVisible();
          if (name) await expect(app.main).toContainText(name);
          if (javaScriptEnabled) await expectAccessible(app.page, `${path} shared`);
          const copy = app.main.getByRole('button', { name: word('share_copy', {}, lang) });
          if (javaScriptEnabled) {
            await copy.click();
            await expect(app.main.getByRole('status')).toHaveText(word('share_copied', {}, lang));
          } else await expect(copy, 'no button that does nothing').toBeHidden();
          await app.main.getByRole('link', { name: word('share_back', {}, lang) }).click();
          await expect(app.heading(name ?? word('home_title', {}, lang))).toBeVisible();
          expect(app.page.url()).toContain(path.slice(path.indexOf('@')));
        }
      });
    }
  });
}

test('a form is nothing to be shared, and neither is what is not there', async ({ app, guard }) => {
  guard.expects(/status of 404/);
  for (const path of ['/weben', '/ich', '/anmelden', '/gibt/es/nicht']) {
    await app.open(path);
    await expect(app.main.getByRole('link', { name: word('share'), exact: true }), path).toHaveCount(0);
  }
});

test('on paper there is what the panel says, with the way back to it', async ({ app, people, town }) => {
  const weave = await weaveNeighbourhood(people, town);
  const asked: string[] = [];
  app.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await app.open(town.view(15.5));
  await app.expectLive();
  await app.open(town.view(15.5, `/knoten/${weave.node(APPLES)}`));
  await app.settled();
  expect(asked, 'only paper asks for the code').not.toContain('/teilen/blatt.svg');
  await app.page.emulateMedia({ media: 'print' });
  const leaf = app.main.locator('.leaf');
  await expect(leaf).toBeVisible();
  await expect.poll(() => leaf.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
  await expect(app.heading(APPLES)).toBeVisible();
  await expect(app.bar).toBeHidden();
  await expect(app.main.getByRole('button')).toHaveCount(0);
  expect((await app.page.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(5000);
});

test('the weave is there before any script, within its bounds and in words of its own', async ({ app, people, town }) => {
  await weaveNeighbourhood(people, town);
  await app.page.goto(town.view());
  const picture = app.page.locator('.first-weave');
  await expect(picture).toHaveAttribute('aria-hidden', 'true');
  await expect(picture.locator('text').filter({ hasText: APPLES.slice(0, 8) }).first()).toBeAttached();
  await expect(picture.locator('a, img, script, [style]'), 'nothing that people write is more than text').toHaveCount(0);
  expect((await picture.innerHTML()).length).toBeLessThan(13_000);
  // Where there is no map, it shows where the page began to look, and nowhere else.
  await app.expectAwake();
  await expect(app.main).toContainText(word('mapless'));
  await expect(picture).toBeVisible();
});
