import type { Api } from '../harness/api.ts';
import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { NO_NETWORK, status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import type { People } from '../harness/people.ts';
import { expect, test } from '../harness/test.ts';
import type { Town } from '../harness/town.ts';
import { type Lang, word } from '../harness/words.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** One role in two browsers, both looking at a knot of its own. */
async function twoBrowsers(people: People, town: Town, kind: 'idea' | 'event' = 'idea'): Promise<{ one: AppPage; other: AppPage; node: string }> {
  const anna = await people.register('Anna');
  const node = uuid7();
  const starts_at = kind === 'event' ? Date.now() + 3 * DAY_MS : null;
  await people.does(anna, { act: 'knot-node', node, kind, title: 'Brot backen', text: 'Freitags um vier.', place: town.at(), starts_at });
  const browsers: AppPage[] = [];
  for (let n = 0; n < 2; n += 1) {
    const browser = await people.browser(anna);
    await browser.open(town.view());
    await browser.expectLive();
    await browser.openKnot('Brot backen');
    browsers.push(browser);
  }
  const [one, other] = browsers as [AppPage, AppPage];
  return { one, other, node };
}

/** How often the log says that it was changed. */
async function changes(api: Api, node: string): Promise<number> {
  return (await api.log()).filter((line) => line.payload.type === 'KnotenGeaendert' && line.tie?.to === node).length;
}

test.describe('in two browsers', () => {
  test('a change is seen in the other one without a reload', async ({ people, town, api }) => {
    const { one, other, node } = await twoBrowsers(people, town, 'event');
    await other.mark();
    await one.change();
    await expect(one.titleField).toHaveValue('Brot backen');
    await one.titleField.fill('Brot und Brezen');
    await one.textField.fill('Samstags.\nUm neun.');
    await one.main.getByLabel(word('weave_start')).fill('2027-01-02T09:30');
    await one.save();
    await expect(one.heading('Brot und Brezen')).toBeVisible();
    await expect(other.heading('Brot und Brezen')).toBeVisible();
    await expect(other.main).toContainText('Um neun.');
    await expect(other.main).toContainText('09:30');
    await other.expectMarked();
    await one.expectWaiting(0);
    expect(await changes(api, node)).toBe(1);
    await one.change();
    await one.save();
    await expect(one.main, 'what changes nothing is not sent').toContainText(word('refusal_nothing_changed'));
    expect(await changes(api, node)).toBe(1);
  });

  test('both change other things at once: the later one sees both and both hold', async ({ people, town, guard, api }) => {
    guard.expects(status(409));
    const { one, other, node } = await twoBrowsers(people, town);
    await one.change();
    await other.change();
    await other.textField.fill('Samstags um neun.');
    await one.titleField.fill('Brot und Brezen');
    await one.save();
    // The other one is told while typing, and what it has typed stays.
    await expect(other.main).toContainText(word('change_meanwhile'));
    await expect(other.version('version_other')).toContainText('Brot und Brezen');
    await expect(other.titleField).toHaveValue('Brot backen');
    await expect(other.textField).toHaveValue('Samstags um neun.');
    await other.save();
    await expect(other.version('version_other')).toContainText('Freitags um vier.');
    await expect(other.version('version_mine')).toContainText('Samstags um neun.');
    for (const version of ['version_other', 'version_mine'] as const) {
      await expect(other.version(version)).toContainText('Brot und Brezen');
    }
    await expectAccessible(other.page, 'two versions');
    await other.decide('versions_mine');
    await expect.poll(() => changes(api, node)).toBe(2);
    await other.expectWaiting(0);
    await expect.poll(() => api.node(node)).toEqual({ title: 'Brot und Brezen', text: 'Samstags um neun.' });
    await expect(one.main).toContainText('Samstags um neun.');
    await other.me();
    await expect(other.main).toContainText(word('waiting_none'));
  });

  test('both change the same: one of them decides for the other one’s', async ({ people, town, guard, api }) => {
    guard.expects(status(409));
    const { one, other, node } = await twoBrowsers(people, town);
    await one.change();
    await other.change();
    await one.titleField.fill('Brot und Brezen');
    await other.titleField.fill('Kuchen backen');
    await one.save();
    await expect(one.heading('Brot und Brezen')).toBeVisible();
    await other.save();
    await expect(other.version('version_mine')).toContainText('Kuchen backen');
    await other.decide('versions_other');
    await expect(other.heading('Brot und Brezen')).toBeVisible();
    expect(await changes(api, node)).toBe(1);
    await other.me();
    await expect(other.main).toContainText(word('waiting_none'));
  });

  test('a refusal that comes while elsewhere, and a reload after it, lose nothing', async ({ people, town, guard, api }) => {
    guard.expects(...NO_NETWORK, status(409));
    const { one, other, node } = await twoBrowsers(people, town);
    await other.page.context().setOffline(true);
    await other.expectNotLive();
    await other.change();
    await other.titleField.fill('Kuchen backen');
    await other.textField.fill('Mit Pflaumen.');
    await other.save();
    await expect(other.heading('Kuchen backen')).toBeVisible();
    await other.expectWaiting(1);
    await one.change();
    await one.titleField.fill('Brot und Brezen');
    await one.save();
    await expect.poll(() => changes(api, node)).toBe(1);

    await other.home();
    await other.page.context().setOffline(false);
    // Wherever one is, it is told, with the way to both versions.
    const see = other.main.getByRole('link', { name: word('back_see') });
    await expect(see).toBeVisible({ timeout: 40_000 });
    await other.page.reload();
    await other.expectAwake();
    await see.click();
    await expect(other.version('version_other')).toContainText('Brot und Brezen');
    await expect(other.version('version_mine')).toContainText('Mit Pflaumen.');
    await other.decide('versions_edit');
    await expect(other.titleField).toHaveValue('Kuchen backen');
    await expect(other.textField).toHaveValue('Mit Pflaumen.');
    await other.titleField.fill('Brot, Brezen und Kuchen');
    await expectAccessible(other.page, 'a change that is edited again');
    await other.save();
    await expect(other.heading('Brot, Brezen und Kuchen')).toBeVisible();
    await expect.poll(() => changes(api, node)).toBe(2);
    await expect.poll(() => api.node(node)).toEqual({ title: 'Brot, Brezen und Kuchen', text: 'Mit Pflaumen.' });
    await expect(see).toHaveCount(0);
    await expect(one.heading('Brot, Brezen und Kuchen')).toBeVisible();
  });

  test('its place is changed with the position of the device', async ({ people, town, api }) => {
    const { one, node } = await twoBrowsers(people, town);
    const there = town.at(300, 200);
    await one.page.context().grantPermissions(['geolocation']);
    await one.page.context().setGeolocation({ latitude: there.lat / 1e7, longitude: there.lon / 1e7 });
    await one.change();
    await one.main.getByRole('button', { name: word('weave_locate') }).click();
    await expect(one.main).toContainText(word('change_place_moved'));
    await one.main.getByRole('button', { name: word('change_place_back') }).click();
    await expect(one.main).not.toContainText(word('change_place_moved'));
    await one.main.getByRole('button', { name: word('weave_locate') }).click();
    await one.save();
    await expect.poll(() => changes(api, node)).toBe(1);
    const event = (await api.log()).find((line) => line.payload.type === 'KnotenGeaendert' && line.tie?.to === node);
    expect(event?.payload['place']).toEqual(there);
    expect(event?.payload['title'], 'what is not changed is not said').toBeFalsy();
  });
});

test('what came back from knotting goes into its form again and is sent anew', async ({ people, town, guard, api }) => {
  guard.expects(...NO_NETWORK, status(409));
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.expectLive();
  const before = await api.head();
  // Without a network the clock of the device is wrong: only the server can say no.
  await anna.page.context().setOffline(true);
  await anna.expectNotLive();
  const turn = (ms: number) =>
    anna.page.evaluate((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
      document.dispatchEvent(new Event('visibilitychange'));
    }, ms);
  await turn(3 * 366 * DAY_MS);
  await anna.fillIn({ title: 'Fest', text: 'Mit Musik.', kind: 'event', startsAt: new Date(Date.now() + 3 * 366 * DAY_MS + DAY_MS) });
  await anna.send();
  await anna.expectWaiting(1);
  await turn(-3 * 366 * DAY_MS);
  await anna.page.context().setOffline(false);
  await anna.main.getByRole('link', { name: word('back_see') }).click();
  await anna.refused('Fest').getByRole('button', { name: word('waiting_edit') }).click();
  await expect(anna.titleField).toHaveValue('Fest');
  await expect(anna.textField).toHaveValue('Mit Musik.');
  await anna.main.getByLabel(word('weave_start')).fill('2027-01-02T19:00');
  await anna.send();
  await expect(anna.heading('Fest')).toBeVisible();
  await anna.expectWaiting(0);
  expect((await api.log(before)).map((line) => line.payload.type)).toEqual(['KnotenGeknuepft']);
  await anna.me();
  await expect(anna.main).toContainText(word('waiting_none'));
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  for (const lang of ['de', 'en'] as Lang[]) {
    test(`the form says what it needs, in ${lang}`, async ({ app, people, town, api }) => {
      const anna = await people.register('Anna');
      const node = uuid7();
      await people.does(anna, { act: 'knot-node', node, kind: 'idea', title: 'Brot', text: '', place: town.at(), starts_at: null });
      await expect.poll(async () => (await api.node(node)).title).toBe('Brot');
      await people.signIn(app.page.context(), anna);
      await app.page.goto(`/knoten/${node}/aendern?lang=${lang}`);
      await expect(app.heading(word('change_title', {}, lang))).toBeVisible();
      await expect(app.main.getByText(word('needs_script', {}, lang))).toBeVisible();
      await expect(app.main.getByRole('textbox')).toHaveCount(0);
      await app.page.goto(`/weben?lang=${lang}`);
      await expect(app.main.getByText(word('needs_script', {}, lang))).toBeVisible();
      await expect(app.page.getByRole('link', { name: word('bar_weave_short', {}, lang), exact: true })).toHaveCount(0);
    });
  }
});
