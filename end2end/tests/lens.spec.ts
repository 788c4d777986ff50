import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { uuid7 } from '../harness/ids.ts';
import type { People } from '../harness/people.ts';
import { expect, test } from '../harness/test.ts';
import type { Town } from '../harness/town.ts';
import { word } from '../harness/words.ts';

const [DRILL, SEEDS, FEAST] = ['Bohrmaschine', 'Saatgut tauschen', 'Hoffest'];

/** Anna's drill and Bert's seeds, which Anna has joined. */
async function weave(people: People, town: Town) {
  const [anna, bert] = [await people.register('Anna'), await people.register('Bert')];
  const [drill, seeds] = [uuid7(), uuid7()];
  await people.does(anna, { act: 'knot-node', node: drill, kind: 'tool', title: DRILL, text: '', place: town.at(), starts_at: null });
  await people.does(bert, { act: 'knot-node', node: seeds, kind: 'idea', title: SEEDS, text: '', place: town.at(40, 40), starts_at: null });
  return { anna, bert, seeds };
}

function chip(app: AppPage, name: string) {
  return app.main.getByRole('navigation', { name: word('lens_title') }).getByRole('link', { name });
}

test('through a lens the list shows a part, live, and back and reload keep to it', async ({ people, town }) => {
  const { anna, bert } = await weave(people, town);
  const app = await people.browser(anna);
  await app.open(town.view());
  await app.expectLive();
  await expect(chip(app, word('kind_tool'))).toHaveText(`${word('kind_tool')}1`);
  await chip(app, word('kind_tool')).click();
  await expect(app.knot(SEEDS)).toHaveCount(0);
  await expect(app.knot(DRILL)).toBeVisible();
  await expect(chip(app, word('kind_tool'))).toHaveAttribute('aria-current', 'true');
  expect(app.page.url()).toContain('linse=tool');
  await expectAccessible(app.page, 'through a lens');
  // Of another kind it is only counted, of that kind it arrives.
  await people.does(bert, { act: 'knot-node', node: uuid7(), kind: 'idea', title: FEAST, text: '', place: town.at(20, 20), starts_at: null });
  await expect(chip(app, word('kind_idea'))).toHaveText(`${word('kind_idea')}2`);
  await expect(app.knot(FEAST)).toHaveCount(0);
  await people.does(bert, { act: 'knot-node', node: uuid7(), kind: 'tool', title: 'Leiter', text: '', place: town.at(30, 30), starts_at: null });
  await expect(app.knot('Leiter')).toBeVisible();
  // It stays while one opens a knot and comes back, and over a reload, which the server renders.
  await app.openKnot(DRILL);
  expect(app.page.url()).toContain('linse=tool');
  await app.page.goBack();
  await expect(app.knot(DRILL)).toBeVisible();
  await expect(app.knot(SEEDS)).toHaveCount(0);
  await app.page.reload();
  await expect(app.knot(DRILL)).toBeVisible();
  await expect(app.knot(SEEDS)).toHaveCount(0);
  await app.expectLive();
  await app.page.locator('.lensed').getByRole('link').click();
  await expect(app.knot(SEEDS)).toBeVisible();
  expect(app.page.url()).not.toContain('linse');
  await app.page.goBack();
  await expect(app.knot(SEEDS)).toHaveCount(0);
});

test('what is one’s own is what one knotted or has a thread to', async ({ people, town }) => {
  const { anna, bert, seeds } = await weave(people, town);
  const app = await people.browser(anna);
  await app.open(town.view());
  await app.expectLive();
  await chip(app, word('lens_mine')).click();
  await expect(app.knot(DRILL)).toBeVisible();
  await expect(app.knot(SEEDS)).toHaveCount(0);
  await people.does(anna, { act: 'join-node', node: seeds });
  await expect(app.knot(SEEDS)).toBeVisible();
  await people.twistAll(bert, seeds);
  // Yarn that is one's own there is none: that is not offered, and who asks for it by the address is told.
  await expect(chip(app, word('lens_yarn'))).toHaveCount(0);
  await app.open(`${town.view()}&linse=garn.meine`);
  await expect(app.main).toContainText(word('lens_nothing'));
  await app.main.getByRole('link', { name: word('lens_clear') }).click();
  await expect(app.knot(DRILL)).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('lenses are links', async ({ app, people, town }) => {
    await weave(people, town);
    await app.page.goto(town.view());
    await chip(app, word('kind_idea')).click();
    await expect(app.knot(SEEDS)).toBeVisible();
    await expect(app.knot(DRILL)).toHaveCount(0);
    await chip(app, word('kind_idea')).click();
    await expect(app.knot(DRILL)).toBeVisible();
  });
});
