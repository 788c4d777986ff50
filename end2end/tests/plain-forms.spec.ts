import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { NO_NETWORK } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

/** Looks elsewhere and comes back; the page has asked for all that may have changed, and shown it. */
async function lookBack(app: AppPage): Promise<void> {
  // The answer to the first is taken before the second one's comes.
  for (let n = 0; n < 2; n += 1) {
    const answered = app.page.waitForResponse((answer) => answer.url().includes('/api/page?path=/'));
    await app.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await (await answered).finished();
  }
  await app.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

const name = (app: AppPage) => app.main.getByLabel(word('areas_name'), { exact: true });
const kind = (app: AppPage) => app.main.getByRole('checkbox', { name: word('kind_event'), exact: true });
const file = (app: AppPage) => app.main.getByLabel(word('pictures_file'));
const said = (app: AppPage, key: string) => app.main.getByRole('status').filter({ hasText: word(key) });

test('what is being filled in is still there when one comes back to the page', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const app = await people.browser(anna);
  await app.open(town.view(15, '/gebiete'));
  const id = app.main.locator('[name=id]');
  const before = await id.inputValue();
  await name(app).fill('Mein Kiez');
  await kind(app).check();
  await lookBack(app);
  await expect(name(app)).toHaveValue('Mein Kiez');
  await expect(kind(app)).toBeChecked();
  expect(await id.inputValue(), 'it is the same form').toBe(before);
  await app.main.getByRole('button', { name: word('areas_keep') }).click();
  await expect(app.main.getByRole('link', { name: 'Mein Kiez' })).toBeVisible();
});

test('what was filled in before the script had woken is left alone too', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const app = await people.browser(anna);
  let wake = () => {};
  const held = new Promise<void>((resolve) => (wake = resolve));
  await app.page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await app.page.goto(town.view(15, '/gebiete'), { waitUntil: 'commit' });
  await name(app).fill('Früh getippt');
  wake();
  await app.expectAwake();
  await app.page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await lookBack(app);
  await expect(name(app)).toHaveValue('Früh getippt');
});

test('a panel whose forms nobody is at is drawn anew', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const [one, other] = [await people.browser(anna), await people.browser(anna)];
  await one.open(town.view(15, '/gebiete'));
  await other.open(town.view(15, '/gebiete'));
  await name(other).fill('Von nebenan');
  await other.main.getByRole('button', { name: word('areas_keep') }).click();
  await expect(other.main.getByRole('link', { name: 'Von nebenan' })).toBeVisible();
  await lookBack(one);
  await expect(one.main.getByRole('link', { name: 'Von nebenan' })).toBeVisible();
});

test('a file that is chosen survives what is said at its knot, and what became of it is said as long as one looks', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'place', title: 'Hochbeet', text: '', place: town.at(), starts_at: null });
  const app = await people.browser(anna);
  await app.open(town.view(15, `/knoten/${node}/bilder`));
  await app.expectLive();
  await file(app).setInputFiles({ name: 'halb.png', mimeType: 'image/png', buffer: Buffer.from('kein Bild') });
  await app.main.getByLabel(word('pictures_alt')).fill('Das Beet im Mai');
  const outdated = app.page.waitForResponse((answer) => answer.url().includes(`/api/page?path=/knoten/${node}/bilder`));
  await people.does(await people.register('Bert'), { act: 'send-message', message: uuid7(), node, text: 'Schön hier' });
  await outdated;
  await lookBack(app);
  expect(await file(app).evaluate((field: HTMLInputElement) => field.files?.length)).toBe(1);
  await app.main.getByRole('button', { name: word('pictures_send') }).click();
  const refused = app.main.getByRole('alert').filter({ hasText: word('unfit_not_a_picture') });
  await expect(refused).toBeFocused();
  await expect(app.main.getByLabel(word('pictures_alt')), 'typed once').toHaveValue('Das Beet im Mai');
  await app.expectAwake();
  await app.expectLive();
  await lookBack(app);
  await expect(refused).toBeVisible();
  await expect(app.main.getByLabel(word('pictures_alt'))).toHaveValue('Das Beet im Mai');
  // It is said of this panel, and of no other.
  await app.home();
  await app.page.goBack();
  await expect(file(app)).toBeVisible();
  await expect(refused).toHaveCount(0);
});

test('what a form has done is said, and one that is refused keeps all that was filled in', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const app = await people.browser(anna);
  await app.open(town.view(15, '/gebiete'));
  await name(app).fill('   ');
  await kind(app).check();
  const corners = '48.4100000,15.6000000;48.4100000,15.6100000;48.4200000,15.6100000';
  await app.main.locator('[name=corners]').evaluate((field: HTMLInputElement, corners) => (field.value = corners), corners);
  await app.main.getByRole('button', { name: word('areas_keep') }).click();
  await expect(name(app)).toHaveAccessibleDescription(word('areas_flaw_name'));
  await expect(kind(app)).toBeChecked();
  await expect(app.main.locator('[name=corners]')).toHaveValue(corners);
  await name(app).fill('Mein Kiez');
  await app.main.getByRole('button', { name: word('areas_keep') }).click();
  await expect(said(app, 'areas_kept')).toBeFocused();
  await expectAccessible(app.page, 'areas, when one was kept');
  await app.expectAwake();
  await app.main.getByRole('link', { name: 'Mein Kiez' }).click();
  await expect(app.heading('Mein Kiez')).toBeVisible();
  await app.main.getByRole('button', { name: word('areas_save') }).click();
  await expect(said(app, 'areas_saved')).toBeFocused();
  await app.expectAwake();
  await app.main.getByRole('button', { name: word('areas_feed_renew') }).click();
  await expect(said(app, 'areas_renewed')).toBeFocused();
});

test('without a network a plain form stays as it is and says why, and is sent when that is back', async ({ people, town, guard }) => {
  guard.expects(...NO_NETWORK);
  const anna = await people.register('Anna');
  const app = await people.browser(anna);
  await app.open(town.view(15, '/gebiete'));
  await app.expectLive();
  await expect(said(app, 'cut_off')).toHaveCount(0);
  await name(app).fill('Mein Kiez');
  await app.page.context().setOffline(true);
  await expect(app.line).toContainText(word('line_offline'));
  await expect(said(app, 'cut_off')).toBeVisible();
  await expectAccessible(app.page, 'a form without a network');
  await app.main.getByRole('button', { name: word('areas_keep') }).click();
  await expect(name(app)).toHaveValue('Mein Kiez');
  await expect(app.heading(word('areas_title')), 'no page of errors').toBeVisible();
  await app.page.context().setOffline(false);
  await app.expectLive();
  await expect(said(app, 'cut_off')).toHaveCount(0);
  // Long enough after the first tap to be one of its own.
  await expect(async () => {
    await app.main.getByRole('button', { name: word('areas_keep') }).click();
    await expect(said(app, 'areas_kept')).toBeVisible();
  }).toPass();
});

test('whoever looks at a place where nothing is woven can follow it', async ({ people, town }) => {
  const app = await people.browser(await people.register('Anna'));
  await app.open(town.view());
  await app.expectLive();
  await expect(app.main).toContainText(word('home_empty_title'));
  await app.main.getByRole('link', { name: word('home_keep') }).click();
  await expect(app.heading(word('areas_title'))).toBeVisible();
});
