import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { NO_NETWORK, status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { field, openSearch, titles, weave } from '../harness/search.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

const [NEAR, FAR, LENDER] = ['Drehorgel leihen', 'Drehorgelfest', 'Ottokar'];
const told = (app: AppPage) => app.main.getByRole('status').filter({ hasText: /\S/ });

test('what is typed is found by distance, opens in place, and back leads to it with what was typed', async ({ people, town }) => {
  const { near } = await weave(people, town, 'Drehorgel', 'Leierkastenäffchen');
  const app = await people.browser();
  await app.open(town.view(16));
  await app.expectLive();
  await app.mark();
  await openSearch(app);
  await expectAccessible(app.page, 'a search that is still empty');
  await field(app).pressSequentially('drehorg');
  await expect(titles(app)).toHaveCount(3);
  await expect(told(app)).toHaveText(word('search_many', { n: 3 }));
  expect(app.page.url()).toContain('q=drehorg');
  const order = app.main.getByRole('navigation', { name: word('search_order') });
  await order.getByRole('link', { name: word('search_distance') }).click();
  // Whoever is not on the map has no distance, and comes last.
  await expect(titles(app)).toHaveText([NEAR, FAR, LENDER]);
  await expect(app.main.locator('.list .distance')).toHaveCount(2);
  await expect(app.main.locator('.list .row-excerpt').last()).toHaveText('Drehorgeln stimmen');
  await expectAccessible(app.page, 'what was found');
  await app.knot(NEAR).click();
  await expect(app.heading(NEAR)).toBeVisible();
  expect(new URL(app.page.url()).pathname).toBe(`/knoten/${near}`);
  await app.page.goBack();
  await expect(field(app)).toHaveValue('drehorg');
  await expect(titles(app)).toHaveText([NEAR, FAR, LENDER]);
  await expect(order.getByRole('link', { name: word('search_distance') })).toHaveAttribute('aria-current', 'true');
  await app.expectMarked();
  // Typing has left no steps behind.
  await app.page.goBack();
  await expect(app.heading(word('home_title'))).toBeVisible();
  await app.page.goForward();
  await expect(titles(app)).toHaveText([NEAR, FAR, LENDER]);
  // The address is enough, for others and over a reload.
  await app.page.reload();
  await app.expectAwake();
  await expect(titles(app)).toHaveText([NEAR, FAR, LENDER]);
  await expect(field(app)).toHaveValue('drehorg');
});

test('a typo is forgiven, and where nothing is found one is told how to go on', async ({ people, town }) => {
  const anna = await people.register('Anna');
  await people.does(anna, { act: 'knot-node', node: uuid7(), kind: 'tool', title: 'Fahrräder flicken', text: '', place: town.at(), starts_at: null });
  const app = await people.browser();
  await app.open(town.view());
  // By keys, wherever one is; a sign alone does nothing.
  await app.page.keyboard.press('/');
  await expect(field(app)).toBeHidden();
  await app.page.keyboard.press('Control+k');
  await expect(field(app)).toBeFocused();
  await expect(field(app)).toHaveValue('');
  await field(app).fill('Fahrad flicken');
  await expect(app.knot('Fahrräder flicken').first()).toBeVisible();
  await field(app).fill('Xyzzyplugh');
  await expect(app.main).toContainText(word('search_none_title'));
  await expectAccessible(app.page, 'nothing found');
  await expect(app.main.getByRole('link', { name: word('bar_weave') })).toBeVisible();
  await field(app).fill('🧵🦔');
  await expect(app.main).toContainText(word('search_none_title'));
  await field(app).press('Escape');
  await expect(field(app)).toHaveValue('');
  await expect(app.main).toContainText(word('search_hint'));
  // What is typed fast is answered once, by what was typed last.
  await field(app).fill('Xyzzyplugh');
  await field(app).fill('Fahrräder fli');
  await expect(app.knot('Fahrräder flicken').first()).toBeVisible();
});

test('what was said leads to its conversation', async ({ people, town }) => {
  const { far } = await weave(people, town, 'Drehorgel', 'Leierkastenäffchen');
  const app = await people.browser();
  await app.open(`${town.view(15, '/suche')}&q=Leierkasten`);
  await expect(app.main).toContainText(word('search_said', { name: LENDER }));
  await app.knot(FAR).first().click();
  await expect(app.heading(FAR)).toBeVisible();
  expect(new URL(app.page.url()).pathname).toBe(`/knoten/${far}`);
  await expect(app.main.getByText('Leierkastenäffchen')).toBeInViewport();
});

test('without a network what this device has is found, and it says so', async ({ people, town, guard }) => {
  guard.expects(...NO_NETWORK);
  await weave(people, town, 'Drehorgel', 'Leierkastenäffchen');
  const app = await people.browser();
  await app.open(town.view(15));
  await app.expectLive();
  await expect(app.knot(NEAR)).toBeVisible();
  await app.page.context().setOffline(true);
  await app.expectNotLive();
  await openSearch(app);
  await field(app).fill('Drehorgel');
  await expect(app.main).toContainText(word('search_device'));
  await expect(titles(app)).toHaveText([NEAR, FAR]);
  await app.knot(NEAR).click();
  await expect(app.heading(NEAR)).toBeVisible();
});

test('where the server can not look, what this device has is shown as that', async ({ people, town, guard }) => {
  guard.expects(status(503));
  await weave(people, town, 'Bassgeige', 'Kolophonium');
  const app = await people.browser();
  await app.open(town.view(15));
  await app.expectLive();
  await expect(app.knot('Bassgeige leihen')).toBeVisible();
  await openSearch(app);
  await app.page.route('**/api/search?**', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }));
  await field(app).fill('Bassgeige');
  await expect(app.main.getByRole('alert')).toContainText(word('search_failed'));
  await expect(app.main).toContainText(word('search_device'));
  await expect(titles(app)).toHaveText(['Bassgeige leihen', 'Bassgeigefest']);
  await app.page.unroute('**/api/search?**');
  await field(app).fill('Bassgeige leihen');
  await expect(app.main.getByRole('alert')).toHaveCount(0);
  await expect(app.main).not.toContainText(word('search_device'));
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a form finds the same, and keeps where one looks', async ({ app, people, town }) => {
    await weave(people, town, 'Dudelsack', 'Luftschlangen');
    await app.page.goto(town.view(15));
    await app.bar.getByRole('link', { name: word('bar_search') }).click();
    await field(app).fill('Dudelsack');
    await app.main.getByRole('button', { name: word('search_submit') }).click();
    await expect(titles(app)).toHaveCount(3);
    await app.main.getByRole('link', { name: word('search_distance') }).click();
    await expect(titles(app)).toHaveText(['Dudelsack leihen', 'Dudelsackfest', LENDER]);
    await expect(field(app)).toHaveValue('Dudelsack');
    await field(app).fill('Luftschlang');
    await field(app).press('Enter');
    expect(app.page.url(), 'the order stays').toContain('nach=entfernung');
    await expect(titles(app)).toHaveText(['Dudelsackfest']);
    await titles(app).click();
    await expect(app.main).toContainText('Luftschlangen');
  });
});
