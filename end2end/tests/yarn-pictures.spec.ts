import { expectAccessible } from '../harness/axe.ts';
import type { AppPage } from '../harness/app.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

const COLOURS = ['Rot', 'Grün', 'Blau'];

/** Brings a picture of one colour by the open panel's form. */
async function bring(app: AppPage, name: string, colour: string): Promise<void> {
  const drawn = await app.page.evaluate((fill) => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d')!;
    context.fillStyle = fill;
    context.fillRect(0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/png').split(',')[1]!;
  }, colour);
  await app.main.getByLabel(word('pictures_file')).setInputFiles({ name: 'bild.png', mimeType: 'image/png', buffer: Buffer.from(drawn, 'base64') });
  await app.main.getByLabel(word('pictures_alt')).fill(name);
  await app.main.getByRole('button', { name: word('pictures_send') }).click();
  await expect(app.main.getByRole('img', { name, exact: true })).toBeVisible();
}

test('single pictures are covered and opened, the thread tells how many, and others are offered the rest', async ({ people, town, server, api }) => {
  const [anna, ben] = [await people.register('Anna'), await people.register('Ben')];
  await server.grant('--weaver', ben.role, '--reason', 'Von Anfang an dabei');
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'place', title: 'Hochbeet', text: '', place: town.at(), starts_at: null });
  const [create] = await api.threads(node);
  const thread = create!.id;
  const owner = await people.browser(anna);
  await owner.open(`/knoten/${node}/bilder`);
  for (const [n, colour] of ['#b03030', '#30a030', '#3030b0'].entries()) await bring(owner, COLOURS[n]!, colour);
  await people.does(anna, { act: 'twist-thread', thread, node, covers: { text: false, talk: false, pictures: [] } });

  await owner.open(`/faden/${thread}/garn`);
  await expect(owner.main).toContainText(`${word('yarn_pictures')}: ${word('yarn_open')}.`);
  await expectAccessible(owner.page, 'yarn at a knot with pictures');
  const turn = async (name: string, how: 'yarn_cover' | 'yarn_uncover') => {
    await owner.main.getByRole('button', { name: `${name}: ${word(how)}`, exact: true }).click();
    await expect(owner.main.locator('.facts')).toContainText(word('thread_covers'));
    await owner.expectWaiting(0);
  };
  const again = async () => {
    await owner.main.getByRole('link', { name: word('thread_choose') }).click();
    await expect(owner.heading(word('yarn_title', { title: 'Hochbeet' }))).toBeVisible();
  };
  await turn('Rot', 'yarn_cover');
  await expect(owner.main).toContainText(word('covers_some', { n: 1, all: 3 }));
  await again();
  await turn('Blau', 'yarn_cover');
  await expect(owner.main).toContainText(word('covers_some', { n: 2, all: 3 }));

  const other = await people.browser(ben);
  await other.open(`/knoten/${node}`);
  await other.expectAwake();
  await other.main.getByRole('link', { name: word('node_pictures'), exact: true }).click();
  await expect(other.heading(word('pictures_title', { title: 'Hochbeet' }))).toBeVisible();
  const removable = other.main.getByRole('button', { name: new RegExp(`^${word('pictures_remove')}`) });
  await expect(removable, 'only the one that nothing covers').toHaveCount(1);
  await expect(removable).toHaveAccessibleName(`${word('pictures_remove')}: Grün`);

  await again();
  await turn('Rot', 'yarn_uncover');
  await expect(owner.main).toContainText(word('covers_some', { n: 1, all: 3 }));
  await again();
  await owner.main.getByRole('button', { name: `${word('yarn_pictures')}: ${word('yarn_pictures_all')}`, exact: true }).click();
  await owner.expectWaiting(0);
  await other.open(`/knoten/${node}`);
  await expect(other.main.getByRole('link', { name: word('node_change'), exact: true }), 'the text is open').toBeVisible();
  await expect(other.main.getByRole('link', { name: word('node_pictures'), exact: true }), 'nothing can be done with the pictures').toHaveCount(0);
});
