import { crc32, deflateSync } from 'node:zlib';

import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

/** A PNG of one colour; what it claims to be is not made larger by that. */
function png(width: number, height: number, [red, green, blue]: [number, number, number]): Buffer {
  const chunk = (kind: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(kind), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.concat([Buffer.of(0), Buffer.from(Array.from({ length: width }, () => [red, green, blue]).flat())]);
  const data = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  const sign = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([sign, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

async function bring(app: AppPage, file: Buffer, name: string, alt?: string): Promise<void> {
  await app.main.getByLabel(word('pictures_file')).setInputFiles({ name, mimeType: 'image/png', buffer: file });
  if (alt) await app.main.getByLabel(word('pictures_alt')).fill(alt);
  await app.main.getByRole('button', { name: word('pictures_send') }).click();
}

const shown = (app: AppPage) => app.main.locator('.pictures img');

/** Whether a picture has come, and nothing moved when it did. */
async function expectDrawn(app: AppPage): Promise<void> {
  const picture = shown(app).first();
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  const box = await picture.boundingBox();
  expect(Math.abs((box?.width ?? 0) - (box?.height ?? 1)), 'a square, whatever its own shape').toBeLessThan(2);
}

test('a picture is brought to a knot, seen by a neighbour at once, removed, and brought back from the history', async ({ people, town, api }) => {
  const anna = await people.register('Anna');
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'place', title: 'Hochbeet', text: '', place: town.at(), starts_at: null });
  const [one, other] = [await people.browser(anna), await people.browser()];
  await other.open(`/knoten/${node}`);
  await other.expectLive();
  await one.open(`/knoten/${node}`);
  await one.expectAwake();
  await one.main.getByRole('link', { name: word('node_pictures'), exact: true }).click();
  await expect(one.heading(word('pictures_title', { title: 'Hochbeet' }))).toBeVisible();
  await expectAccessible(one.page, 'a knot without pictures');
  await bring(one, png(600, 300, [30, 120, 60]), 'beet.png', 'Das Beet im Mai');
  await expect(one.main.getByRole('status')).toContainText(word('pictures_thanks'));
  await expect(one.main.getByRole('img', { name: 'Das Beet im Mai' })).toBeVisible();
  await expectDrawn(one);
  await expectAccessible(one.page, 'a knot with a picture');

  await expect(other.main.getByRole('img', { name: 'Das Beet im Mai' }), 'without a reload').toBeVisible();
  await expectDrawn(other);
  await expectAccessible(other.page, 'a knot that shows its picture');
  const link = other.main.locator('.pictures a');
  const large = await other.page.request.get((await link.getAttribute('href')) ?? '');
  expect(large.headers()['content-type']).toBe('image/jpeg');

  await one.main.getByRole('button', { name: `${word('pictures_remove')}: Das Beet im Mai` }).click();
  await expect(one.main.getByRole('status')).toContainText('Das Bild ist entfernt.');
  await expect(shown(other), 'gone there too').toHaveCount(0);

  await one.open(`/knoten/${node}/verlauf`);
  await one.expectAwake();
  await expectAccessible(one.page, 'a history with pictures');
  await one.main.getByRole('button', { name: word('history_undo'), exact: true }).click();
  // The history shows it twice: as it was added, and as it was removed.
  await expect(one.page).toHaveURL(new RegExp(`/knoten/${node}($|\\?)`));
  await expect(one.main.getByRole('img', { name: 'Das Beet im Mai' })).toBeVisible();
  await one.expectWaiting(0);
  await expect(shown(other)).toHaveCount(1);
  expect((await api.log()).filter((line) => line.tie?.to === node).map((line) => line.payload['type'])).toEqual([
    'KnotenGeknuepft',
    'BildHinzugefuegt',
    'BildEntfernt',
    'BildHinzugefuegt',
  ]);
});

test('what is no picture is refused in words, and the next one is taken', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'idea', title: 'Hochbeet', text: '', place: town.at(), starts_at: null });
  const app = await people.browser(anna);
  await app.open(`/knoten/${node}/bilder`);
  const refusals: [Buffer, string, string][] = [
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'skript.png', 'unfit_not_a_picture'],
    [png(20_000, 1, [0, 0, 0]), 'breit.png', 'unfit_too_many_pixels'],
    [png(40, 40, [0, 0, 0]).subarray(0, 40), 'halb.png', 'unfit_broken'],
  ];
  for (const [file, name, told] of refusals) {
    await bring(app, file, name);
    await expect(app.main.getByRole('alert')).toContainText(word(told));
  }
  await expectAccessible(app.page, 'a picture that was refused');
  await bring(app, png(40, 40, [200, 30, 30]), 'rot.png');
  await expect(app.main.getByRole('img', { name: word('node_picture', { n: 1 }) })).toBeVisible();
});

test('ones own picture stands on ones page', async ({ people }) => {
  const person = await people.register('Anna');
  const anna = await people.browser(person);
  await anna.open('/ich');
  await anna.expectAwake();
  await anna.main.getByRole('link', { name: word('me_portrait'), exact: true }).click();
  await expect(anna.heading(word('portrait_title'))).toBeVisible();
  await bring(anna, png(700, 700, [90, 40, 160]), 'ich.png');
  await expect(anna.main.getByRole('img', { name: word('portrait_alt') })).toBeVisible();
  await expectAccessible(anna.page, 'ones own picture');
  const guest = await people.browser();
  await guest.open(`/rolle/${person.role}`);
  await expect(guest.main.getByRole('img', { name: 'Anna' })).toBeVisible();
  await expectAccessible(guest.page, 'a role with a picture');
  await anna.main.getByRole('button', { name: word('pictures_remove') }).click();
  await expect(anna.main.getByRole('status')).toContainText(word('portrait_gone'));
  await expect(shown(anna)).toHaveCount(0);
});
