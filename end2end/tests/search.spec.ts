import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { NO_NETWORK } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { LooseMap, rows } from '../harness/loose-map.ts';
import type { People } from '../harness/people.ts';
import { look } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';
import type { Town } from '../harness/town.ts';
import { word } from '../harness/words.ts';

// Whoever searches finds what all tests have woven: these words are nobody else's.
const [NEAR, FAR, LENDER] = ['Drehorgel leihen', 'Drehorgelfest', 'Ottokar'];

/** A barrel organ here, a feast of them some streets away at which something was said, and somebody who is not on the map. */
async function weave(people: People, town: Town) {
  const anna = await people.register('Anna', { show: 'exact', place: town.at(0, 120) });
  const lender = await people.register(LENDER);
  const [near, far] = [uuid7(), uuid7()];
  await people.does(anna, { act: 'knot-node', node: far, kind: 'event', title: FAR, text: 'Mit Äpfeln.', place: town.at(60, 400), starts_at: Date.now() + 86_400_000 });
  await people.does(anna, { act: 'knot-node', node: near, kind: 'tool', title: NEAR, text: '', place: town.at(60, 40), starts_at: null });
  await people.does(lender, { act: 'send-message', message: uuid7(), node: far, text: 'Ich bringe ein Leierkastenäffchen mit.' });
  await people.does(lender, { act: 'describe-role', skills: ['Drehorgeln stimmen'] });
  return { near, far };
}

const field = (app: AppPage) => app.main.getByRole('searchbox', { name: word('search_label') });
const titles = (app: AppPage) => app.main.locator('.list .row-title');
const told = (app: AppPage) => app.main.getByRole('status').filter({ hasText: /\S/ });

async function openSearch(app: AppPage): Promise<void> {
  await app.bar.getByRole('link', { name: word('bar_search') }).click();
  await expect(app.heading(word('search_title'))).toBeVisible();
  await expect(field(app), 'one can type at once').toBeFocused();
}

test('what is typed is found by distance, opens in place, and back leads to it with what was typed', async ({ people, town }) => {
  const { near } = await weave(people, town);
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

test('what was found glows on the map, which stays where it is', async ({ people, town }) => {
  await weave(people, town);
  const app = await people.browser();
  await app.open(town.view(16));
  await app.expectMap();
  await app.expectLive();
  await openSearch(app);
  const view = () => app.page.url().match(/@[^&]+/)![0];
  const began = view();
  let before = await look(app.page);
  await expect
    .poll(async () => {
      const after = await look(app.page, before.png, 12);
      before = after;
      return after.changed;
    }, { intervals: [1500] })
    .toBe(0);
  await field(app).fill('Drehorgel');
  await expect(titles(app)).toHaveCount(3);
  await expect.poll(async () => (await look(app.page, before.png)).changed, 'the rest has stepped back').toBeGreaterThan(700);
  expect(view()).toBe(began);
  await field(app).fill('');
  await expect(titles(app)).toHaveCount(0);
  await expect.poll(async () => (await look(app.page, before.png)).changed, 'nothing is lit').toBeLessThan(400);
});

test('the map lights what was found, drawn already or not, until something is open', async ({ page }) => {
  test.setTimeout(120_000);
  const map = await LooseMap.open(page);
  const woven = rows(100);
  await map.feed({ ...woven });
  await map.idle();
  const [knot, spool] = [woven.nodes[2]!, woven.spools[0]!];
  const line = (id: unknown, kind: unknown, row: Record<string, unknown>, name: string) => {
    const { lat, lon } = row['place'] as { lat: number; lon: number };
    return `${id} ${kind} ${lat} ${lon} ${name}\n`;
  };
  const unknown = '018f0000-0009-7000-8000-000000000000';
  const lines = [line(knot['id'], knot['kind'], knot, 'Ein Knoten'), line(spool['role'], 'spool', spool, 'Eine Rolle'), line(unknown, 'tool', woven.nodes[5]!, 'Noch nicht da')];
  const glow = (text: string) => page.evaluate((text) => Reflect.get(window, 'loose').glow(text), text);
  const lit = async () => (await map.keys('lit')).filter((key) => !/-(stem|around)$/.test(key));
  await glow(lines.join('') + lines[0]);
  await map.idle();
  expect(await lit(), 'each once').toEqual([knot['id'], spool['role'], unknown].sort());
  await map.light(`/knoten/${woven.nodes[7]!['id']}`);
  await map.idle();
  expect(await lit()).not.toContain(unknown);
  await map.light('/suche?q=x');
  await map.idle();
  expect(await lit()).toContain(unknown);
  await glow('');
  await map.idle();
  expect(await lit()).toEqual([]);
});

test('a typo is forgiven, and where nothing is found one is told how to go on', async ({ people, town }) => {
  const anna = await people.register('Anna');
  await people.does(anna, { act: 'knot-node', node: uuid7(), kind: 'tool', title: 'Fahrräder flicken', text: '', place: town.at(), starts_at: null });
  const app = await people.browser();
  await app.open(town.view());
  // By a key, wherever one is.
  await app.page.keyboard.press('/');
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
  const { far } = await weave(people, town);
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
  await weave(people, town);
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

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a form finds the same, and keeps where one looks', async ({ app, people, town }) => {
    await weave(people, town);
    await app.page.goto(town.view(15));
    await app.bar.getByRole('link', { name: word('bar_search') }).click();
    await field(app).fill('Drehorgel');
    await app.main.getByRole('button', { name: word('search_submit') }).click();
    await expect(titles(app)).toHaveCount(3);
    await app.main.getByRole('link', { name: word('search_distance') }).click();
    await expect(titles(app)).toHaveText([NEAR, FAR, LENDER]);
    await expect(field(app)).toHaveValue('Drehorgel');
    await field(app).fill('Leierkasten');
    await field(app).press('Enter');
    expect(app.page.url(), 'the order stays').toContain('nach=entfernung');
    await expect(titles(app)).toHaveText([FAR]);
    await titles(app).click();
    await expect(app.main).toContainText('Leierkastenäffchen');
  });
});
