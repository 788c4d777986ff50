import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { like, word } from '../harness/words.ts';

/** Keeps what is seen now, from the list to the form and back. */
async function keep(app: AppPage, name: string): Promise<void> {
  await app.main.getByRole('link', { name: word('home_keep') }).click();
  await expect(app.heading(word('areas_title'))).toBeVisible();
  await app.main.getByLabel(word('areas_name')).fill(name);
  await app.main.getByRole('button', { name: word('areas_keep') }).click();
  await expect(app.main.getByRole('link', { name })).toBeVisible();
  await app.expectAwake();
}

test('a kept area tells of a new knot in it, and the news lead there', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const bert = await people.register('Bert');
  const app = await people.browser(anna);
  await people.does(anna, { act: 'knot-node', node: uuid7(), kind: 'idea', title: 'Annas Ecke', text: '', place: town.at(), starts_at: null });
  await app.open(town.view());
  await keep(app, 'Mein Kiez');
  await expectAccessible(app.page, 'areas');
  const node = uuid7();
  await people.does(bert, { act: 'knot-node', node, kind: 'idea', title: 'Hoffest am Brunnen', text: '', place: town.at(40), starts_at: null });

  await app.open(town.view(15, '/ich'));
  await expect(app.bar.getByTitle(word('bar_news_one'))).toHaveText('1');
  await app.main.getByRole('link', { name: word('me_news') }).click();
  await expect(app.heading(word('news_title'))).toBeVisible();
  const told = app.main.locator('li[data-new]');
  await expect(told).toContainText(word('news_area', { area: 'Mein Kiez' }));
  await expectAccessible(app.page, 'news');
  await told.getByRole('link').click();
  await expect(app.heading('Hoffest am Brunnen')).toBeVisible();
  await app.page.goBack();
  await expect(app.heading(word('news_title'))).toBeVisible();
  await expect(app.bar.locator('.count')).toHaveCount(0);
});

test('an area is called otherwise, gets new addresses, and goes when that is confirmed', async ({ people, town }) => {
  const anna = await people.register('Anna');
  await people.does(anna, { act: 'knot-node', node: uuid7(), kind: 'idea', title: 'Annas Ecke', text: '', place: town.at(), starts_at: null });
  const app = await people.browser(anna);
  await app.open(town.view());
  await keep(app, 'Mein Kiez');
  await app.main.getByRole('link', { name: 'Mein Kiez' }).click();
  await expect(app.heading('Mein Kiez')).toBeVisible();
  await expectAccessible(app.page, 'an area');
  const address = () => app.main.getByRole('textbox', { name: word('areas_feed_atom') }).inputValue();
  const before = await address();
  expect((await app.page.request.get(before)).status()).toBe(200);
  await app.main.getByLabel(word('areas_name')).fill('Unser Kiez');
  await app.main.getByRole('button', { name: word('areas_save') }).click();
  await expect(app.heading('Unser Kiez')).toBeVisible();
  await app.main.getByRole('button', { name: word('areas_feed_renew') }).click();
  await expect.poll(address).not.toBe(before);
  expect((await app.page.request.get(before)).status(), 'it leads nowhere any more').toBe(404);
  await app.main.getByText(word('areas_remove'), { exact: true }).click();
  await app.main.getByRole('button', { name: word('areas_remove_yes') }).click();
  await expect(app.heading(word('areas_title'))).toBeVisible();
  await expect(app.main.getByRole('link', { name: 'Unser Kiez' })).toHaveCount(0);
});

test('who is mentioned hears of it, and the mention leads to them', async ({ people, town }) => {
  const anna = await people.register('Annabell Garn');
  const bert = await people.register('Bert');
  const node = uuid7();
  await people.does(bert, { act: 'knot-node', node, kind: 'idea', title: 'Brot backen', text: '', place: town.at(), starts_at: null });
  await people.does(anna, { act: 'send-message', message: uuid7(), node, text: 'Wann denn?' });
  await people.does(bert, { act: 'send-message', message: uuid7(), node, text: 'Samstag, @annabell garn!' });
  const app = await people.browser(anna);
  await app.open(town.view(15, '/neues'));
  const row = app.main.getByRole('link', { name: like('news_mention') });
  await expect(row).toContainText('Brot backen');
  await row.click();
  await expect(app.heading('Brot backen')).toBeVisible();
  await app.main.getByRole('link', { name: '@annabell garn' }).click();
  await expect(app.heading('Annabell Garn')).toBeVisible();
});

test('who is mentioned hears of it while the page stays open', async ({ people, town }) => {
  const wilma = await people.register('Wilhelmine');
  const bert = await people.register('Bert');
  const node = uuid7();
  await people.does(bert, { act: 'knot-node', node, kind: 'idea', title: 'Brot backen', text: '', place: town.at(), starts_at: null });
  const [hers, his] = [await people.browser(wilma), await people.browser(bert)];
  await hers.page.clock.install();
  await hers.open(town.view());
  await hers.expectLive();
  await hers.mark();
  await expect(hers.bar.locator('.count')).toHaveCount(0);
  await his.open(`/knoten/${node}`);
  await his.expectLive();
  await his.main.getByRole('textbox', { name: word('talk_message') }).fill('Bringst du Mehl mit, @Wilhelmine?');
  await his.main.getByRole('button', { name: word('talk_submit'), exact: true }).click();
  await his.expectWaiting(0);
  // Asked for now and then, and only once the read models have it.
  await expect(async () => {
    await hers.page.clock.fastForward(95_000);
    await expect(hers.bar.getByTitle(word('bar_news_one'))).toHaveText('1', { timeout: 2000 });
  }).toPass();
  await hers.expectMarked();
  await hers.me();
  await hers.main.getByRole('link', { name: word('me_news') }).click();
  await expect(hers.main.getByRole('link', { name: like('news_mention') })).toContainText('Brot backen');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('an area is kept and let go', async ({ app, people, town }) => {
    const anna = await people.register('Anna');
    await people.signIn(app.page.context(), anna);
    await app.page.goto(town.view(15, '/gebiete'));
    await app.main.getByLabel(word('areas_name')).fill('Mein Kiez');
    await app.main.getByRole('checkbox', { name: word('kind_event'), exact: true }).check();
    await app.main.getByRole('button', { name: word('areas_keep') }).click();
    const area = app.main.getByRole('link', { name: 'Mein Kiez' });
    await expect(area).toContainText(word('kind_event'));
    await area.click();
    await expect(app.main.getByRole('checkbox', { name: word('kind_event') })).toBeChecked();
    await app.main.getByText(word('areas_remove'), { exact: true }).click();
    await app.main.getByRole('button', { name: word('areas_remove_yes') }).click();
    await expect(app.main.getByRole('link', { name: 'Mein Kiez' })).toHaveCount(0);
  });
});
